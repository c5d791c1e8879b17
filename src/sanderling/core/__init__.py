"""The pure part of the desk: what is decided, never when or where. No database, no wire, no clock."""
