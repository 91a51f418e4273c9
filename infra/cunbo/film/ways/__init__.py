"""The ways of `cunbo video` that begin with more than one clip: a slide show, a list of cuts, a card for a platform."""
