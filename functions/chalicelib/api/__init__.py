"""HTTP: routes, parsing, responses and problems."""
