"""Models of the shop that are explored whole: its real use cases on a table in memory, in every order, with crashes."""
