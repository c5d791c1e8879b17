"""The practice network: simulated people, a small server of its own."""
