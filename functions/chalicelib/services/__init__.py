"""The use cases: typed commands in, typed results out. No HTTP, no JSON."""
