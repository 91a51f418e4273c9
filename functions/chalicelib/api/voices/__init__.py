"""Routes by which buyers and readers speak: claims, reviews, comments, the newsletter, and what is kept of them."""
