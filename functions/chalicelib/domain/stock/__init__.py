"""The stock: the promise, capacity over shards, drops."""
