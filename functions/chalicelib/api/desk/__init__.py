"""Routes of the manager's desk, a file for each of its pages; the bookkeeper reads some of them."""
