"""Tools that a developer runs by hand, now and then; no stage imports them."""
