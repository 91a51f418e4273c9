"""Stock in the table: shards, the batches that they are shares of, and drops."""
