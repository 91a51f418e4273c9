"""Reviews, comments, stories and subscribers, in the table."""
