"""The company's own register of customers, behind an address of its own."""
