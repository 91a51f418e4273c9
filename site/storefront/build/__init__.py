"""Stage three: pages, pictures, scripts, feeds and all else that the site is made of, from the catalogue."""
