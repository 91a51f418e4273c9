"""What an operator does with a running shop: stock, orders, drops, invitations."""
