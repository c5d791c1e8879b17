"""E-mail, as the private room of customers who write or move there."""
