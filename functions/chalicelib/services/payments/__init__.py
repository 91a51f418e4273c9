"""Payments: beginning them, what providers tell, refunds, and money that belongs to no order."""
