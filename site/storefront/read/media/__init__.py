"""What lies beside the texts: pictures, films and their captions, read by libraries that know their formats."""
