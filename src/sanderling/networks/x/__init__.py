"""X (API v2): the connector, and how an account is connected."""

from sanderling.networks.x.connector import X, XEnterprise, connector
from sanderling.networks.x.signin import XSignIn

__all__ = ["X", "XEnterprise", "XSignIn", "connector"]
