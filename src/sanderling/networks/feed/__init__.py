"""Blogs, forums and review pages, read by their RSS, Atom or JSON feeds."""
