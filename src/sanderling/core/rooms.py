"""The way of a matter through its two rooms: said in public, solved in private, told in public.

    acknowledged -> invited -> came -> solved -> owed -> done
                            `-> never came

Pure functions of facts that the desk keeps. Time alone does one thing only: an invitation that
nobody followed is at some point one that they never followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

import regex

from sanderling.core.words import say

Outcome = Literal["solved", "told we cannot", "no answer", "never came"]
"""How a matter ended, as an agent says when they resolve it."""

SETTLED: tuple[Outcome, ...] = ("solved", "told we cannot")
"""Outcomes that readers of a public complaint would want to hear of."""


class Way(StrEnum):
    """How far a matter has come. `NONE`: it began in private, or nobody answered in public yet."""

    NONE = "none"
    ACKNOWLEDGED = "acknowledged"
    INVITED = "invited"
    NEVER_CAME = "never came"
    CAME = "came"
    SOLVED = "solved"
    OWED = "owed"
    DONE = "done"


class Facts(NamedTuple):
    """What is known of a matter. Times are None for what did not happen.

    `public`: it began in public. `spoke_at`: our first word in public. `private`: our last word was
    private. `ended_at`: it was resolved. The others are as in `cases.models.Case`. `never_came`:
    how long after an invitation nobody is waited for.
    """

    public: bool
    spoke_at: datetime | None
    invited_at: datetime | None
    came_at: datetime | None
    ended_at: datetime | None
    outcome: str
    private: bool
    owed_at: datetime | None
    followed_at: datetime | None
    never_came: timedelta

    @property
    def owes(self) -> bool:
        """Whether the public is owed a word."""
        return self.owed_at is not None and self.followed_at is None

    @property
    def may_have_missed(self) -> bool:
        """Whether they were invited and did not come: only then can it be said that they never
        came."""
        return self.invited_at is not None and self.came_at is None


def way(facts: Facts, now: datetime) -> Way:
    """How far the matter has come by `now`. What is owed stays so, whatever happens besides."""
    if not facts.public:
        return Way.NONE
    if facts.owes:
        return Way.OWED
    if facts.ended_at is not None:
        return _ended(facts)
    if facts.came_at is not None:
        return Way.CAME
    if facts.invited_at is not None:
        return Way.NEVER_CAME if now >= facts.invited_at + facts.never_came else Way.INVITED
    return Way.ACKNOWLEDGED if facts.spoke_at is not None else Way.NONE


def _ended(facts: Facts) -> Way:
    if facts.outcome == "never came":
        return Way.NEVER_CAME
    return Way.SOLVED if facts.private and facts.followed_at is None else Way.DONE


def owes_follow_up(facts: Facts, outcome: Outcome) -> bool:
    """Whether the public is owed a word if the matter is resolved now with this outcome: it began
    before everyone, and ended where nobody sees it."""
    return facts.public and facts.private and outcome in SETTLED


class Step(NamedTuple):
    """One step of the way, for drawing. `stand` is done, current or ahead; `missed` is a step that
    was not taken and will not be. `at` is when it was taken; `says` tells it in a sentence."""

    name: str
    stand: Literal["done", "current", "ahead", "missed"]
    says: str
    at: datetime | None = None


def steps(facts: Facts, now: datetime) -> tuple[Step, ...]:
    """The way as steps, in their order; none for a matter that began in private.

    The first step that is not taken is the current one. Messages stand there only while they are
    still ahead or were part of the matter.
    """
    if not facts.public:
        return ()
    here = way(facts, now)
    ended = facts.ended_at is not None
    taken = [_answered(facts)]
    if facts.invited_at or facts.came_at or (not ended and not facts.private):
        taken += [_invited(facts), _came(facts, here)]
    taken += [_solved(facts), _told(facts, here)]
    return _current(taken)


def _current(found: list[Step]) -> tuple[Step, ...]:
    """The first step ahead is where the matter stands."""
    at = next((i for i, step in enumerate(found) if step.stand == "ahead"), None)
    if at is not None:
        found[at] = found[at]._replace(stand="current")
    return tuple(found)


def _step(name: str, at: datetime | None, done: str, ahead: str) -> Step:
    return Step(name, "done", done, at) if at else Step(name, "ahead", ahead)


def _answered(facts: Facts) -> Step:
    if facts.spoke_at is None and facts.ended_at is not None:
        return Step(say("Answered"), "missed", say("Nobody answered in public."))
    return _step(
        say("Answered"),
        facts.spoke_at,
        say("We answered where everyone can read it."),
        say("Nobody has answered in public yet."),
    )


def _invited(facts: Facts) -> Step:
    if facts.invited_at is None and facts.came_at is not None:
        return Step(
            say("Invited"), "done", say("They wrote in private without being asked."), facts.came_at
        )
    return _step(
        say("Invited"),
        facts.invited_at,
        say("We asked them to write in private."),
        say("We can ask them to write in private."),
    )


def _came(facts: Facts, here: Way) -> Step:
    if facts.came_at is None and (here is Way.NEVER_CAME or facts.ended_at is not None):
        return Step(say("Came"), "missed", say("They were invited and never came."))
    return _step(
        say("Came"), facts.came_at, say("They wrote in private."), say("They have not written yet.")
    )


def _solved(facts: Facts) -> Step:
    if facts.ended_at is not None and facts.outcome == "never came":
        return Step(say("Solved"), "missed", say("It ended without them."), facts.ended_at)
    done = {
        "told we cannot": say("We said honestly that we cannot."),
        "no answer": say("It needed no answer."),
    }.get(facts.outcome, say("It is settled."))
    return _step(say("Solved"), facts.ended_at, done, say("It is not settled yet."))


def _told(facts: Facts, here: Way) -> Step:
    name = say("Told in public")
    if here is Way.OWED:
        return Step(name, "ahead", say("Those who read the complaint do not know that it ended."))
    if here is Way.DONE:
        return Step(name, "done", say("Nothing is owed in public."), facts.followed_at)
    if facts.ended_at is not None:
        return Step(name, "missed", say("No public follow-up was asked for."))
    return Step(name, "ahead", say("Told in public once it is settled."))


# Inviting ------------------------------------------------------------------------------------

INVITATIONS: Mapping[str, str] = {
    "en": "Please send @{handle} a direct message, so that we can look into it with your details.",
    "de": "Bitte schreiben Sie @{handle} eine Direktnachricht, dann schauen wir mit Ihren Angaben"
    " nach.",
    "es": "Por favor, envíe un mensaje directo a @{handle} y lo miramos con sus datos.",
    "fr": "Merci d'envoyer un message privé à @{handle} : nous regarderons avec vos informations.",
    "it": "Scriva per favore un messaggio privato a @{handle}: guardiamo con i suoi dati.",
    "nl": "Stuur @{handle} alstublieft een privébericht, dan kijken we met uw gegevens.",
    "pt": "Por favor, envie uma mensagem direta a @{handle} e vemos isso com os seus dados.",
}
"""How we ask somebody to write in private, by language; a policy may say it in its own words."""


def link_to(template: str, *, ours: str, handle: str) -> str:
    """Where a click writes to our account `ours` in private (`Limits.message_link`); empty where
    the network has no such place."""
    return template.replace("{id}", ours).replace("{handle}", handle)


def invitation(texts: Mapping[str, str], lang: str, *, handle: str, link: str) -> str:
    """The words that ask a customer who speaks `lang` to write to us in private, and where."""
    said = texts.get(lang[:2]) or texts.get("en") or INVITATIONS["en"]
    said = said.replace("{handle}", handle)
    if "{link}" in said:
        return " ".join(said.replace("{link}", link).split())
    return f"{said} {link}".rstrip()


_ADDRESS = regex.compile(r"https?://[^\s<>\"]+", regex.IGNORECASE)


def invites(text: str, link: str) -> bool:
    """Whether a public text of ours leads to our messages: recognises invitations that were typed
    in the network's own app. Never true where the network has no such `link`."""
    if not link:
        return False
    wanted = _plain(link)
    return any(_leads(_plain(found), wanted) for found in _ADDRESS.findall(text))


def _leads(found: str, wanted: str) -> bool:
    return found == wanted or (found.startswith(wanted) and not found[len(wanted)].isalnum())


def _plain(address: str) -> str:
    """An address without what does not change where it leads."""
    bare = address.rstrip(".,;:!?)]}'»”").partition("://")[2].lower()
    return bare.removeprefix("www.").removeprefix("mobile.").replace("twitter.com/", "x.com/")
