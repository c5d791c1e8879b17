"""The policy as its owner writes it, word for word: what may stand in the file.

`reading.py` makes these of a text, `checking.py` says what does not fit together, and `Policy` is
what the desk asks.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Literal

import msgspec

from sanderling.core.policy.spans import Span
from sanderling.core.verdict import Flag, Kind

LONGEST = 100_000
"""Characters of a policy."""

MOST = 60
"""Entries in each list and each set of tables of a policy."""

LONGEST_NAME = 80
LONGEST_TEXT = 1_000

ALWAYS_OPEN = "always"
"""The hours of a team that works day and night."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the file. What has no default must be there."""


class WorkingHours(Part, frozen=True):
    """`[hours.NAME]`: when people work, on their own clock.

    Days hold intervals such as "08:00-18:00"; "22:00-06:00" runs over midnight. `holidays` names a
    country and, after a hyphen, its part: "DE-BY". `closed` are further dates, `on` gives dates
    hours of their own; they beat both the weekday and the holiday. `zone` is that of the policy
    where it is left out.
    """

    zone: str = ""
    monday: tuple[str, ...] = ()
    tuesday: tuple[str, ...] = ()
    wednesday: tuple[str, ...] = ()
    thursday: tuple[str, ...] = ()
    friday: tuple[str, ...] = ()
    saturday: tuple[str, ...] = ()
    sunday: tuple[str, ...] = ()
    holidays: str = ""
    closed: tuple[date, ...] = ()
    on: dict[date, tuple[str, ...]] = {}


class Team(Part, frozen=True):
    """`[teams.NAME]`: what the desk should know of a team. `hours` are its working hours."""

    hours: str = ALWAYS_OPEN


class Plan(Part, frozen=True):
    """`[plans.NAME]`: a paid plan, as the customer card shows it and conditions ask for it.

    `entitles`: what its customers may expect, in words for agents.
    """

    label: str
    entitles: str = ""


class Goal(Part, frozen=True):
    """`[[goals]]`: how fast. Each promise is taken from the first goal that holds and names it.

    Times are counted within `hours`; where none are named, within those of the team that the
    matter goes to.
    """

    name: str
    when: str = "true"
    hours: str = ""
    acknowledge: Span | None = None
    answer: Span | None = None
    solve: Span | None = None
    follow_up: Span | None = None


class Warn(Part, frozen=True):
    """`[warn]`: how much of a promise's time is left when the desk warns, in per cent."""

    acknowledge: int = 25
    answer: int = 25
    solve: int = 25
    follow_up: int = 25


class RouteRule(Part, frozen=True):
    """`[[routes]]`: whose matter it is. The first that holds gives it its team.

    `within` and `outside` name hours: the route holds only inside or outside of them. Whoever takes
    it should have the `skills`.
    """

    name: str
    when: str
    team: str
    skills: tuple[str, ...] = ()
    within: str = ""
    outside: str = ""


class ApprovalRule(Part, frozen=True):
    """`[[approvals]]`: what needs a second pair of eyes, and whose. The first that holds counts.

    `by` is "lead" or a team. Where nobody looks within `expires`, the `holding` line is sent in its
    place: one text, or one a language.
    """

    name: str
    when: str
    reason: str
    by: str = "lead"
    expires: Span | None = None
    holding: str | dict[str, str] = ""


class Forbidden(Part, frozen=True):
    """`[[forbidden]]`: words that are not said, why, and what is said `instead`. `room` is public
    or direct; both where it is left out."""

    name: str
    words: tuple[str, ...]
    says: str
    room: Literal["", "public", "direct"] = ""
    instead: str = ""


class PatternRule(Part, frozen=True):
    """`[[patterns]]`: how numbers of the company look that must not stand in public."""

    name: str
    pattern: str
    says: str


class Assignment(Part, frozen=True):
    """`[assignment]`: whether the desk gives cases to agents by itself.

    `way`: off, or to whom: who has the fewest cases, or who waited longest for one. A customer who
    writes again within `sticky` goes to whom they know. What is given and not begun is offered
    again after `offer_again`; who shows no sign of life for `silent` counts as gone. Nobody gets
    more than `at_most` cases at once, however many they could take.
    """

    way: Literal["off", "least loaded", "longest idle"] = "off"
    sticky: Span = Span(days=7)
    offer_again: Span = Span(minutes=30)
    silent: Span = Span(minutes=15)
    at_most: int = 8


class Handover(Part, frozen=True):
    """`[handover]`: whether the customer is told who takes over, and in which words."""

    tell: bool = False
    text: str = ""


class Rooms(Part, frozen=True):
    """`[rooms]`: the way from public to direct and back.

    Who was invited to messages and has not written after `never_came` counts as never come.
    `follow_up`: what was settled in private owes a public word. `invitation`: how we ask someone to
    write in private, by language.
    """

    never_came: Span = Span(days=3)
    follow_up: bool = True
    invitation: dict[str, str] = {}


class Remind(Part, frozen=True):
    """`[promises]` and `[asks]`: how long before a promise is due its owner is reminded; how long a
    colleague who was asked may be silent."""

    remind: Span = Span(hours=2)


class Incidents(Part, frozen=True):
    """`[incidents]`: when many write about one problem.

    `attach`: whether cases whose posts belong to an incident are only suggested, or become part of
    it by themselves once it is confirmed. `choppy` and `storm` are the steps of the gauge: people
    who write in a minute times people whom they reach in it. The first public word is due after
    `first_word`, the next after `update` where nobody promised otherwise. `approve` is who reads a
    public status and the texts of a round before they leave: nobody, "lead" or a team. A round
    sends `per_hour` answers at most from an account, and leaves `keep_free` per cent of what its
    network allows to agents. `alerts` are the steps that are told outside.
    """

    attach: Literal["suggest", "by itself"] = "suggest"
    choppy: int = 20_000
    storm: int = 500_000
    first_word: Span = Span(minutes=20)
    update: Span = Span(minutes=45)
    approve: str = ""
    per_hour: int = 600
    keep_free: int = 40
    alerts: tuple[Literal["suspected", "choppy", "storm"], ...] = ("suspected", "choppy", "storm")


class Written(Part, frozen=True):
    """A post as an example describes it; what is left out is as in `Situation`.

    `at` is a date and time, or a time of an ordinary Wednesday, on the clock of the policy's zone
    where it names none.
    """

    kind: Kind = Kind.OTHER
    tone: Literal["glad", "calm", "uneasy", "annoyed", "angry", "furious"] = "calm"
    urgency: Literal["low", "normal", "high", "critical"] = "normal"
    flags: tuple[Flag, ...] = ()
    lang: str = ""
    topic: str = ""
    network: str = ""
    account: str = ""
    room: Literal["public", "direct"] = "public"
    followers: int = 0
    plan: str = ""
    at: datetime | time = time(12)


class Answered(Part, frozen=True):
    """What an example would say to it."""

    text: str
    room: Literal["public", "direct"] = "public"


class Expected(Part, frozen=True):
    """What an example expects. A promise is a time ("15m"), or when it is due; "" for none. `team`,
    `skills`, and the name of the `approval`; what is left out is not looked at."""

    team: str | None = None
    skills: tuple[str, ...] | None = None
    acknowledge: str | datetime | None = None
    answer: str | datetime | None = None
    solve: str | datetime | None = None
    follow_up: str | datetime | None = None
    approval: str | None = None


class Example(Part, frozen=True):
    """`[[examples]]`: a case everybody agrees on, tried each time the policy changes."""

    name: str
    expect: Expected
    post: Written = Written()
    say: Answered | None = None


class Document(Part, frozen=True):
    """The whole file.

    `contacts`: addresses and numbers of the company's own, which may stand in public. `voice`: who
    may answer for the brand, by the handle of an account: teams, "lead" or agents' email addresses;
    an account that is not named may be answered from by everyone. `undo`: for how many seconds a
    sent answer can be taken back.
    """

    name: str
    goals: tuple[Goal, ...]
    zone: str = "UTC"
    undo: int = 8
    hours: dict[str, WorkingHours] = {}
    teams: dict[str, Team] = {}
    plans: dict[str, Plan] = {}
    warn: Warn = Warn()
    routes: tuple[RouteRule, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    patterns: tuple[PatternRule, ...] = ()
    assignment: Assignment = Assignment()
    handover: Handover = Handover()
    rooms: Rooms = Rooms()
    promises: Remind = Remind()
    asks: Remind = Remind(remind=Span(hours=4))
    incidents: Incidents = Incidents()
    contacts: tuple[str, ...] = ()
    voice: dict[str, tuple[str, ...]] = {}
    examples: tuple[Example, ...] = ()
