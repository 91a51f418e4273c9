"""What is told of a live evening beside its rooms' acts: the forms in which rooms are seen, and reports of shows."""
