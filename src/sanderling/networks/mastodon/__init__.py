"""The Mastodon API: Mastodon, GoToSocial, Pleroma, Akkoma and their kin."""

from sanderling.networks.mastodon.connector import Mastodon

__all__ = ["Mastodon"]
