"""The Mastodon API: Mastodon, GoToSocial, Pleroma, Akkoma and their kin."""

from sanderling.networks.mastodon.connector import Mastodon
from sanderling.networks.mastodon.signin import MastodonSignIn

__all__ = ["Mastodon", "MastodonSignIn"]
