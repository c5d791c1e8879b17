"""The pure part of the desk: what is decided. No database, no wire, no clock."""
