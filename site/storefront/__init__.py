"""The storefront: turns what the village writes into the catalogue and the pages."""
