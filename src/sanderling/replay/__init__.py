"""Recorded posts sent down the river as if they happened again: a file in, a summary out.

recording (lines become Recorded) | brands (whose they are, as Post) | playing (pages, summary)
"""
