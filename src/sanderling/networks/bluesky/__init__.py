"""Bluesky, and any server that speaks the AT Protocol with the app.bsky lexicons."""
