"""Stage two: what must hold beyond the form of one file; what passes becomes the catalogue."""
