"""Money in the table beside the orders: what fits nowhere, and the ledger."""
