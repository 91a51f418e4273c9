"""Rules of reviews, comments, stories and the newsletter. Pure, no I/O."""
