"""The lives of a case and of an outgoing post, as tables. The move words are those on the buttons."""

from __future__ import annotations

from datetime import timedelta

from sanderling.core.lifecycle import Lifecycle

CASE = Lifecycle(
    name="case",
    first="new",
    moves={
        ("new", "take"): "open",
        ("new", "reply"): "waiting",
        ("new", "acknowledge"): "open",
        ("new", "customer wrote"): "new",
        ("new", "resolve"): "resolved",
        ("new", "dismiss"): "closed",
        ("new", "withdrawn"): "closed",
        ("open", "reply"): "waiting",
        ("open", "acknowledge"): "open",
        ("open", "customer wrote"): "open",
        ("open", "resolve"): "resolved",
        ("open", "withdrawn"): "closed",
        ("waiting", "reply"): "waiting",
        ("waiting", "acknowledge"): "waiting",
        ("waiting", "customer wrote"): "open",
        ("waiting", "resolve"): "resolved",
        ("resolved", "reply"): "resolved",
        ("resolved", "acknowledge"): "resolved",
        ("resolved", "customer wrote"): "open",
        ("resolved", "close"): "closed",
        ("resolved", "reopen"): "open",
        ("closed", "reopen"): "open",
        ("closed", "customer wrote"): "open",
        ("closed", "reply"): "closed",
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
