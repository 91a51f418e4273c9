"""Stage one: the files of content as records, each held to its form, and the words that the shop itself says."""
