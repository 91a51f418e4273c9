"""Films: how a village's own clips get their look, and how the drawn sample films are made."""
