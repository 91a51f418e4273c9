"""The order: its model, events and transitions, what its parcel costs, how many may wait for payment."""
