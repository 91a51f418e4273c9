"""Money: attempts to pay an order, and what providers tell of them. Pure types and rules, no I/O."""
