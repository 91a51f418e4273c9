"""What packers do: the board, labels, parcels and their way to the carrier."""
