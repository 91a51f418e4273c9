"""Stage four: the built site, completed and put in the place of the earlier one."""
