"""Every stage there is, by name: `with STAGES["x"](request, folder) as stage`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from stages.bluesky import bluesky
from stages.feed import feed
from stages.mail import mail
from stages.mastodon import mastodon
from stages.practice import WithoutKeys, practice
from stages.stage import Stage
from stages.x import x

Open = Callable[[pytest.FixtureRequest, Path], AbstractContextManager[Stage]]

STAGES: dict[str, Open] = {
    "practice": lambda _, folder: practice(folder),
    "practice without keys": lambda _, folder: practice(folder, WithoutKeys),
    "x": lambda request, _: x(),
    "mastodon": lambda request, _: mastodon(request.getfixturevalue("mastodon_for_stages")),
    "bluesky": lambda request, _: bluesky(request.getfixturevalue("devnet")),
    "mail": lambda request, _: mail(request.getfixturevalue("dovecot_for_stages")),
    "feed": lambda request, _: feed(),
}
