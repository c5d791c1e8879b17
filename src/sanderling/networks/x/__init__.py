"""X (API v2): the connector, and how an account is connected."""

from sanderling.networks.x.connector import X, XEnterprise, connector
from sanderling.networks.x.signin import SignIn

__all__ = ["SignIn", "X", "XEnterprise", "connector"]
