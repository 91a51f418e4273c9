"""Use cases of what comes after a sale: claims, invoices, and what is kept of a person."""
