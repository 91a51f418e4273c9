"""The model of a surge: what AWS allows, what the shop asks for, and so what a manager should raise beforehand."""
