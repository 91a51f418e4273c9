"""The `cunbo` command: it checks, builds, packages, deploys, and runs the whole stack on one machine."""
