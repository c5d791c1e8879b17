"""What connectors share: calls that fail in the door's words, one loop to wait on, places."""
