"""`python -m sanderling` is `sanderling`."""

from sanderling.cli import main

main()
