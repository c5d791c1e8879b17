"""The lives of a case and of an outgoing post, as tables. Move words are those on buttons."""

from __future__ import annotations

from datetime import timedelta

from sanderling.core.lifecycle import Lifecycle

CASE = Lifecycle(
    name="case",
    first="new",
    moves={
        ("new", "take"): "open",
        ("new", "reply"): "waiting",
        ("new", "customer wrote"): "new",
        ("new", "late post"): "open",
        ("new", "resolve"): "resolved",
        ("new", "dismiss"): "closed",
        ("new", "withdraw"): "withdrawn",
        ("new", "merge"): "merged",
        ("open", "reply"): "waiting",
        ("open", "customer wrote"): "open",
        ("open", "late post"): "new",
        ("open", "resolve"): "resolved",
        ("open", "withdraw"): "withdrawn",
        ("open", "merge"): "merged",
        ("waiting", "reply"): "waiting",
        ("waiting", "customer wrote"): "open",
        ("waiting", "late post"): "new",
        ("waiting", "resolve"): "resolved",
        ("waiting", "withdraw"): "withdrawn",
        ("waiting", "merge"): "merged",
        ("withdrawn", "customer wrote"): "new",
        ("withdrawn", "late post"): "open",
        ("withdrawn", "reply"): "waiting",
        ("withdrawn", "merge"): "merged",
        ("resolved", "customer wrote"): "open",
        ("resolved", "reopen"): "open",
        ("resolved", "close"): "closed",
        ("resolved", "merge"): "merged",
        ("closed", "customer wrote"): "open",
        ("closed", "reopen"): "open",
        ("closed", "merge"): "merged",
    },
    timeouts={"resolved": (timedelta(days=3), "close")},
)

OUTGOING = Lifecycle(
    name="outgoing post",
    first="queued",
    moves={
        ("queued", "withdraw"): "withdrawn",
        ("queued", "start"): "sending",
        ("sending", "sent"): "sent",
        ("sending", "refused"): "failed",
        ("sending", "not sent"): "queued",
        ("sending", "lost sight"): "unsure",
        ("unsure", "found"): "sent",
        ("unsure", "not there"): "queued",
        ("unsure", "give up"): "failed",
        ("failed", "try again"): "queued",
        ("failed", "withdraw"): "withdrawn",
    },
    timeouts={"sending": (timedelta(minutes=5), "lost sight")},
)
