"""What films must be to be shown: their files, captions, marks of machines, and what they were cut from."""
