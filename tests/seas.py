"""Incidents with people who write about them, for tests of the gauge."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import factories
from sanderling.incidents.models import Incident, Member

NOW = factories.NOW


def incident(name: str = "No signal in the west", **changes: Any) -> Incident:
    """An incident that somebody confirmed."""
    began = changes.pop("began_at", NOW - timedelta(minutes=30))
    return Incident.objects.create(
        **{
            "state": "confirmed", "name": name, "began_at": began, "noticed_at": began, **changes,
        }
    )  # fmt: skip


def wrote(about: Incident, n: int, *, at: datetime = NOW, **changes: Any) -> list[Member]:
    """So many people, with so many `followers` each, write within the minute before `at`."""
    followers, copy = changes.pop("followers", 2_000), changes.pop("copy", False)
    account = changes.pop("account", None) or factories.account()
    return [
        _member(about, account, at - timedelta(seconds=i % 60), followers, copy) for i in range(n)
    ]


def _member(
    about: Incident, account: Any, at: datetime, followers: int | None, copy: bool
) -> Member:
    who = factories.identity(followers=followers)
    post = factories.post(account, who, "No signal at all", created_at=at)
    factories.verdict(post, tone=5)
    return Member.objects.create(
        post=post, incident=about, author=who, at=at, how="detector", copy=copy
    )
