"""Pictures and films as pages load them, without anything that a camera wrote beside them."""
