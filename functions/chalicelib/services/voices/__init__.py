"""Use cases of reviews, comments, stories and the newsletter."""
