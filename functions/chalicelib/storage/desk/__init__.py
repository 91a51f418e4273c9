"""What the desk reads, in the table: the search, the trail, the days."""
