"""The drawn sample films: their stage, their letters, and a module for each film. `cunbo video drawn` makes them."""
