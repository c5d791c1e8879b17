"""The policy of the company: its versions, and the one that holds now."""
