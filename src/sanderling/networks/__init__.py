"""Connectors, one folder a network. Siblings never import each other."""
