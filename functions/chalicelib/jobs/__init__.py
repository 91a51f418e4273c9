"""What the stream and the schedule run."""
