"""Long form: what a story's Markdown can do beyond paragraphs, and how long it takes to read."""
