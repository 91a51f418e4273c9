"""The rules: what orders, stock, waitlists, rooms and devices are and what changes them. No I/O, no clock."""
