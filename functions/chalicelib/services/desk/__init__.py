"""Use cases of the manager's desk."""
