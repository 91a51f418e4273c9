"""What the desk is told: the JSON of each result."""
