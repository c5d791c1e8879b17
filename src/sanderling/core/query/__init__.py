"""The column query language: parse, say, match."""
