"""Letters to readers of the newsletter."""
