"""Brings what was written live: compares it with what is live, publishes it, and brings earlier releases back."""
