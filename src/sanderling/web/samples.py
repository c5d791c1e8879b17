"""Made-up people and posts for the style guide: what screens must bear, of the types they show.

German words that do not end, Arabic, names of emoji alone, 5 followers and 5 million, nothing and
far too much. Nothing here comes from a database, and the hour is always the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sanderling.cases.queries import (
    CaseMove,
    CaseNote,
    CasePage,
    CasePost,
    CaseRow,
    ColumnPost,
    Conversation,
    Customer,
    Marks,
    Owner,
    Routing,
    Someone,
    Standing,
    Timeline,
)
from sanderling.core.network import Room
from sanderling.core.timing import NEVER
from sanderling.listen.queries import DeckColumn, Volume
from sanderling.people.queries import Colleague
from sanderling.respond.queries import UnderWay, Way, Ways
from sanderling.web.composing import Lane, Writing
from sanderling.web.picturing import Strip
from sanderling.web.pulse import Pulse, pulse
from sanderling.web.story import Story, tell

NOW = datetime(2026, 6, 4, 9, 30, tzinfo=UTC)
LONG = (
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenversicherung: I have asked four times now,"
    " in the shop, by phone and twice here, and each time somebody else tells me something else. "
) * 4
GERMAN = (
    "Rechtsschutzversicherungsgesellschaften und Kraftfahrzeughaftpflichtversicherung:"
    " seit Montag kein Empfang!"
)
ARABIC = "لا توجد شبكة منذ يوم الاثنين، وقد اتصلت بكم ثلاث مرات. @NorthwindCare ما العمل؟"
EMOJI = "👩🏽‍🚀🛰️📵 again?! 😡😡😡 @NorthwindCare"

SEEN = Marks(judged=True, flags=(), unsure=())
DOUBTED = Marks(judged=True, flags=(), unsure=("tone",))
HARD = Marks(judged=True, flags=("abuse",), unsure=())

JONAS = Someone("Jonas Veld", "jonas.veld", "bluesky", "practice:jonas")
DORA = Someone(
    "Dorothea Wörthersee-Freiherrin von Hohenlohe-Langenburg", "dorothea", "mastodon", ""
)
SALMA = Someone("سلمى عبد الرحمن", "salma", "x", "")
STARS = Someone("✨🦑✨", "squid", "practice", "")
NAMELESS = Someone("", "no_name_given_by_the_network_at_all_1987", "mail", "")
US = Someone("Northwind Care", "NorthwindCare", "bluesky", "")
ANIKA = Colleague(1, "Anika Brandt", "AB", "practice:anika", is_lead=True)
MIRA = Colleague(2, "Mira Solberg", "MS", "", is_lead=False)
OWNER = Owner(1, ANIKA.name, ANIKA.initials, ANIKA.avatar)


def standing(state: str = "open", *, left: timedelta | None = None, **given: Any) -> Standing:
    """How a case stands that has so much time left of two hours; None where no clock runs."""
    due = NEVER if left is None else NOW + left
    fields: dict[str, Any] = {
        "snoozed": False, "last_at": NOW - timedelta(minutes=12), "due_at": due,
        "due_kind": "answer" if left else "", "wake_at": None,
        "due_from": due - timedelta(hours=2) if left else None,
    }  # fmt: skip
    return Standing(state=state, **{**fields, **given})


STANDINGS = {
    "ok": standing("new", left=timedelta(minutes=100)),
    "soon": standing(left=timedelta(minutes=45)),
    "risk": standing(left=timedelta(minutes=9)),
    "over": standing(left=timedelta(minutes=-75)),
    "waiting": standing("waiting"),
    "snoozed": standing(snoozed=True, wake_at=NOW + timedelta(hours=20)),
    "resolved": standing("resolved"),
    "no clock": standing(),
}


def rows() -> list[CaseRow]:
    """Rows of a list: new, selected (the second), late, waiting, private, folded, gone."""
    new = CaseRow(
        48213, "complaint", 4, 2, 5_000_000, STANDINGS["risk"], JONAS,
        "Third day without signal, and nobody answers. @NorthwindCare are you still there?",
        "public", deleted=False, why="Speaks to @NorthwindCare · says “no signal”", owner=None,
        about_post=1, marks=SEEN, team="",
    )  # fmt: skip
    new = replace(new, standing=replace(new.standing, state="new"))
    return [
        new,
        replace(new, id=48214, customer=DORA, text=GERMAN, reach=5, tone=3, owner=OWNER,
                standing=STANDINGS["soon"], team="Breitbandanschlussbereitstellung"),
        replace(new, id=48215, customer=SALMA, text=ARABIC, reach=5_000, tone=5,
                standing=STANDINGS["over"], owner=OWNER, marks=DOUBTED),
        replace(new, id=48216, customer=STARS, text=EMOJI, kind="question", tone=2, reach=0,
                standing=STANDINGS["ok"], room="direct"),
        replace(new, id=48217, customer=NAMELESS, text=LONG, kind="request", tone=1, reach=312,
                standing=STANDINGS["waiting"], owner=OWNER, why=""),
        replace(new, id=48218, text="You are all @!#$ and will pay", marks=HARD, tone=5, reach=40,
                standing=STANDINGS["snoozed"], owner=OWNER),
        replace(new, id=48219, text="", deleted=True, kind="other", tone=2, reach=0,
                standing=STANDINGS["no clock"], why=""),
        replace(new, id=48220, text="Thank you, that was quick!", kind="praise", tone=0,
                reach=88, standing=STANDINGS["resolved"], owner=OWNER),
    ]  # fmt: skip


CASE = CasePage(
    id=48213, title="Third day without signal", kind="complaint", tone=4, urgency=2,
    reach=5_000_000, standing=STANDINGS["risk"], opened_at=NOW - timedelta(days=3), ended_at=None,
    customer=Customer(1, JONAS, 5_000_000, follows_us=True, takes_messages="all"), account_id=1,
    account=US, owner=OWNER, about_post=1, marks=SEEN, title_flags=(),
    conversation=Conversation((4, None, 5), "", ()), routing=Routing("", "", 0),
)  # fmt: skip
CLOSED_DIRECT = "They do not follow us, so this network takes no message from us."


def story() -> Story:
    """A case in both rooms: posts, a note, quiet lines, and answers in every state."""
    posts = [
        _post(1, JONAS, "requester", rows()[0].text, likes=1_204, reposts=87),
        _post(2, STARS, "bystander", EMOJI),
        _post(3, US, "us", "Sorry, Jonas. We look into it and come back today. ^AB"),
        _post(4, SALMA, "bystander", ARABIC, edited=True),
        _post(5, JONAS, "requester", LONG, room="direct"),
        _post(6, US, "us", "Thank you. Which street is it? ^AB", room="direct"),
        _post(7, JONAS, "requester", GERMAN, deleted_at=NOW - timedelta(minutes=4)),
    ]
    note = CaseNote(1, "Mast 1187 is down until Friday, says the network centre.", _at(4.5), OWNER)
    moves = [
        CaseMove(1, "new", "take", _at(2.5), "", "Anika Brandt"),
        CaseMove(2, "open", "snooze", _at(6.5), "", "Mira Solberg"),
    ]
    return tell(
        CASE, Timeline(posts, [note], moves, cut=True, cases=[CASE.id]), _under_way(), {},
        {ANIKA.id: ANIKA, MIRA.id: MIRA},
    )  # fmt: skip


def ways() -> Ways:
    """Public is open, direct is not."""
    public = Way(
        room=Room.PUBLIC, may=True, why="", target_post=1, target_handle="jonas.veld", limit=300,
        counts="graphemes", by_hand="", read_by="", price=0, price_with_link=0, currency="USD",
    )  # fmt: skip
    return Ways(public, replace(public, room=Room.DIRECT, may=False, why=CLOSED_DIRECT), "^AB")


def writings() -> dict[str, Writing]:
    """The composer in each room, by a name; the last is one that may not be used."""
    words = "Sorry, Jonas. The mast in your street is being repaired and back on Friday."
    public = Lane("public", "Public reply", "Answer Jonas in public", words, 300, price="$0.01")
    direct = Lane("direct", "Direct message", "Write to Jonas in private", GERMAN, 10_000)
    note = Lane("note", "Note", "Tell your team", "", 10_000)
    every = Writing("public", (public, direct, note), "jonas.veld", "graphemes", "Write to us")
    closed = replace(direct, draft="", why_not=CLOSED_DIRECT, by_hand="https://example.org/")
    return {
        "public": every,
        "direct": replace(every, room="direct"),
        "note": replace(every, room="note"),
        "closed": replace(every, room="direct", lanes=(public, closed, note)),
    }


def strips() -> list[Strip]:
    """Where pictures are attached: none are."""
    return [Strip(room, 4, "image/png", 1_000_000, []) for room in ("public", "direct")]


def columns() -> list[tuple[DeckColumn, list[ColumnPost], Pulse, str]]:
    """A hot column of all kinds of posts, and an empty one."""
    hot = Volume(tuple(range(24)), lately=180, before=20)
    asked = 'northwind OR "no signal" -is:repost min_followers:1000'
    return [
        (DeckColumn(1, 1, "Kein Empfang", asked, "usual"), _caught(), pulse(hot), "$1.20"),
        (DeckColumn(2, 1, "Kundenzufriedenheitsbefragung", "befragung", "usual"), [],
         pulse(None), ""),
    ]  # fmt: skip


def _caught() -> list[ColumnPost]:
    first = ColumnPost(
        11, "public", "theirs", rows()[0].text, _at(1), deleted=False, likes=3, reposts=1,
        author=JONAS, followers=5_000_000, kind="complaint", tone=4, case_id=None, case_state=None,
        owner=None, marks=SEEN, account=1, liked=False,
    )  # fmt: skip
    return [
        first,
        replace(first, id=12, author=SALMA, text=ARABIC, followers=5, tone=5, case_id=48215,
                case_state="open", owner="Anika Brandt", marks=DOUBTED),
        replace(first, id=13, author=DORA, text=GERMAN, followers=None, tone=0, liked=True),
        replace(first, id=14, author=STARS, text=EMOJI, followers=312, case_id=48216,
                case_state="resolved", owner="Mira Solberg"),
        replace(first, id=15, author=US, direction="ours", text="All masts are up. ^AB"),
    ]  # fmt: skip


def _under_way() -> list[UnderWay]:
    states: Mapping[str, str] = {
        "queued": "", "sending": "", "failed": "The network says: this post is gone.",
        "held": "Jonas wrote again after you began.", "unsure": "",
    }  # fmt: skip
    return [
        UnderWay(
            n, state, Room.PUBLIC, f"An answer that is {state}. ^AB", "wait", ANIKA.id,
            ANIKA.name, _at(10 + n), NOW + timedelta(seconds=6), None, 1, trouble,
            held_for="news" if state == "held" else "",
        )
        for n, (state, trouble) in enumerate(states.items(), 1)
    ]  # fmt: skip


def _post(number: int, who: Someone, role: str, text: str, **given: Any) -> CasePost:
    fields: dict[str, Any] = {
        "remote_id": f"r{number}", "room": "public", "origin": "customer", "at": _at(number),
        "direction": "ours" if role == "us" else "theirs", "edited": False, "deleted_at": None,
        "likes": 0, "reposts": 0, "media": (), "url": "", "marks": SEEN,
    }  # fmt: skip
    return CasePost(id=number, author=who, role=role, text=text, **{**fields, **given})


def _at(place: float) -> datetime:
    """A moment of today, later for a later place."""
    return NOW - timedelta(hours=2) + timedelta(minutes=5 * place)
