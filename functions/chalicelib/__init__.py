"""The shop: rules that are pure, and one module for each outside thing that they need."""
