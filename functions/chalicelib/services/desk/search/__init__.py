"""How the desk finds an order: what makes orders findable, and what finds them."""
