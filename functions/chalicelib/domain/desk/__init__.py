"""Rules of the manager's desk: search, trail, days' sums. Pure, no I/O."""
