"""The live evening: rooms on air, what is counted of them, which room a shopper came from."""
