"""The order: its model, events and transitions, its parcel's postage, the limits on unpaid orders."""
