"""Loads a shop with shoppers, disturbs their connections, and verifies what came of it."""
