"""What is done each night: a day is closed, what is old is forgotten, the books are opened."""
