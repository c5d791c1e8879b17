"""Noticing: what many people suddenly write about a brand at once.

    posts -> terms -> is one of them suddenly frequent? -> do the posts say one thing? -> suspicion

Pure, online, bounded, and the same for the same posts. docs/performance.md has what it finds.
"""

from sanderling.core.noticing.detector import Detector
from sanderling.core.noticing.told import Joined, Noticed, Said, Settings, complains

__all__ = ["Detector", "Joined", "Noticed", "Said", "Settings", "complains"]
