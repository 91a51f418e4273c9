"""What storage keeps of livestreams: rooms and their figures."""
