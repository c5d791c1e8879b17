"""The practice network: simulated people, a small server of its own, and the connector to it."""

from sanderling.networks.practice.connector import Practice
from sanderling.networks.practice.flood import flood
from sanderling.networks.practice.journal import CannotServe
from sanderling.networks.practice.scenario import scenarios
from sanderling.networks.practice.server import serve

__all__ = ["CannotServe", "Practice", "flood", "scenarios", "serve"]
