"""What a language model may do for an agent: draft, sum up, translate. It never sends anything.

It is shown the room in question and nothing beyond: for a public draft no private message. Names,
numbers and addresses are taken out before. What was asked is logged, and no word of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sanderling.cases import queries as cases
from sanderling.cases.queries import CasePost
from sanderling.core.impersonal import Whom, impersonal
from sanderling.core.machine import (
    Machine,
    Said,
    Task,
    Who,
    about,
    links_in,
    plain,
    translating,
)
from sanderling.core.network import Room
from sanderling.core.words import say
from sanderling.listen.queries import accounts
from sanderling.policy.queries import current
from sanderling.respond.minding import house

log = logging.getLogger(__name__)


class NothingToAsk(Exception):
    """There is nothing that the model could be shown; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote for an agent. `by` is the model; {name} stands for the customer."""

    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agent wants of the model in a case: `language` is its name in English, `most` the
    longest draft in characters. `text` is to be translated; empty: the customer's newest post."""

    task: Task
    room: Room
    language: str
    most: int = 280
    text: str = ""


def assist(*, case_id: int, wish: Wish, machine: Machine, by: int) -> Written:
    """Ask the model. Raises NothingToAsk, NoSuchCase and the errors of the network's door."""
    case = cases.case_for(by, case_id)
    who = case.customer.who
    whom = Whom(
        name=who.name, handle=who.handle, ours=tuple(a.handle for a in accounts()),
        patterns=house(current().document).patterns,
    )  # fmt: skip
    posts = _shown(case.id, wish)
    log.info(
        "respond.assist task=%s case=%s agent=%s model=%s room=%s",
        wish.task, case.id, by, machine.name, wish.room,
    )  # fmt: skip
    if wish.task == "translation":
        text = wish.text or next((p.text for p in reversed(posts) if _side(p) == "customer"), "")
        messages = translating(_for_a_stranger(text, whom), language=wish.language)
    else:
        text = "".join(p.text for p in posts)
        said = [Said(_side(p), _for_a_stranger(p.text, whom)) for p in posts]
        messages = about(wish.task, said, language=wish.language, most=wish.most)
    if not text.strip():
        raise NothingToAsk(say("There are no words here that could be shown to the model."))
    ours = [link for p in posts if p.direction == "ours" for link in links_in(p.text)]
    answer = machine.complete(messages)
    return Written(plain(answer, links=[*ours, *links_in(wish.text)]), machine.name)


def _shown(case_id: int, wish: Wish) -> list[CasePost]:
    """What the model sees of a case: never more than those who will read what it writes may see."""
    rooms = {Room.PUBLIC.value} if _public(wish) else {Room.PUBLIC.value, Room.DIRECT.value}
    posts = cases.timeline(case_id).posts
    return [p for p in posts if p.room in rooms and p.deleted_at is None and p.text.strip()]


def _public(wish: Wish) -> bool:
    return wish.task == "draft" and wish.room is Room.PUBLIC


def _side(post: CasePost) -> Who:
    if post.direction == "ours":
        return "us"
    return "customer" if post.role == "requester" else "somebody else"


def _for_a_stranger(text: str, whom: Whom) -> str:
    """Without what is personal; where that cannot be taken out, not at all."""
    return impersonal(text, whom) or "{detail}"
