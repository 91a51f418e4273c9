"""Limits on unpaid orders: of one buyer, and of one network."""
