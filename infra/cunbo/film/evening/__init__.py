"""An evening's recording, cut by the room's own log into a clip for each product: rules, recordings, logs, records."""
