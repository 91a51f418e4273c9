"""Rules of claims, invoices, and of what is kept of a person. Pure, no I/O."""
