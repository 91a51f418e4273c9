"""What other programs read of the shop: feeds, search, structured data, the catalogue that everybody may read."""
