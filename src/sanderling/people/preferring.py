"""What an agent likes is kept for every device of theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction

from sanderling.core.words import say
from sanderling.people.models import Agent, Preference
from sanderling.people.queries import ABOUT, Taste, taste
from sanderling.people.roster import Unfit

LONGEST_LANGUAGE = 20


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


FITS: Mapping[str, Callable[[Any], bool]] = {
    "theme": _one_of("", "light", "dark"),
    "density": _one_of("comfortable", "compact"),
    "zone": lambda value: value == "" or value in available_timezones(),
    "language": lambda value: isinstance(value, str) and len(value) <= LONGEST_LANGUAGE,
    "letters": _truth,
    "sound": _truth,
    "desktop": _truth,
    "words": _truth,
    "about": lambda value: set(value) <= set(ABOUT),
}
"""What can be liked, and which values are known."""


@transaction.atomic
def prefer(*, agent_id: int, **liked: Any) -> Taste:
    """Keep what an agent likes; what is not named stays. Gives all of it.

    Raises Unfit for a name or a value that the desk does not know.
    """
    for name, value in liked.items():
        if name not in FITS or not FITS[name](value):
            raise Unfit(say("The desk does not know this {name}.", name=name))
    Agent.objects.select_for_update().get(pk=agent_id)  # two devices at once count up in turn
    before = taste(agent_id)
    after = replace(before, **liked, changes=before.changes + 1)
    fields = {**asdict(after), "about": [kind for kind in ABOUT if kind in after.about]}
    Preference.objects.update_or_create(agent_id=agent_id, defaults=fields)
    return taste(agent_id)
