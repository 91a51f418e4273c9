"""What buyers and readers say of the village; what of that is shown; the newsletter. Pure rules, no I/O."""
