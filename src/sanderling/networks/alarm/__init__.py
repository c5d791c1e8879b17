"""People's own addresses, in e-mail and chat, that are told of an incident."""
