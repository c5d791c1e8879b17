"""The practice network's JSON in the desk's words, tried on recorded payloads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sanderling.core.network import Draft, Media, Room, Unreachable
from sanderling.networks.practice import translate

RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return found


def test_a_page_of_everything_becomes_posts_deletions_and_signals() -> None:
    page = translate.to_page(recorded("page_of_everything"), b"raw")
    complaint, edit, reply, direct = page.posts
    assert complaint.text.startswith("@NorthwindCare")
    assert complaint.media == (
        Media(
            kind="picture",
            url="http://127.0.0.1:8640/pictures/bill.svg",
            alt="Photo of a phone bill with one amount circled twice in red",
        ),
    )
    assert complaint.author.takes_messages == "followed"
    assert complaint.author.follows_us is True
    assert complaint.links == ("https://northwind.example/bill",)
    assert edit.remote_id == complaint.remote_id
    assert edit.edited_at == datetime(2026, 1, 5, 9, 2, tzinfo=UTC)
    assert (reply.reply_to, reply.reply_to_author) == (complaint.remote_id, complaint.author.id)
    assert (direct.room, direct.counterpart) == (Room.DIRECT, complaint.author.id)
    assert [d.remote_id for d in page.deletions] == [complaint.remote_id]
    assert [(s.kind, s.undone) for s in page.signals] == [("like", False), ("repost", True)]
    assert (page.cursor, page.more, page.raw) == ("77-live-9", False, b"raw")


@pytest.mark.parametrize("name", ["post_without_author", "unknown_room", "unknown_event"])
def test_what_makes_no_sense_is_never_guessed(name: str) -> None:
    with pytest.raises(Unreachable, match="unknown way"):
        translate.to_page(recorded(name), b"")


def test_a_draft_becomes_what_the_network_wants_to_hear() -> None:
    draft = Draft(room=Room.DIRECT, text="Hello", to="7", media=(Media(kind="picture", url="/a"),))
    assert translate.from_draft(draft) == {
        "text": "Hello",
        "room": "direct",
        "reply_to": None,
        "to": "7",
        "pictures": [{"path": "/a", "alt": ""}],
    }


def test_our_own_post_is_recognised_by_words_room_and_place_alone() -> None:
    ours = recorded("page_of_everything")["events"][2]["post"]
    same = Draft(room=Room.PUBLIC, text=ours["text"], reply_to=ours["reply_to"]["id"])
    assert translate.says_the_same(ours, same)
    for other in (
        Draft(room=Room.PUBLIC, text=ours["text"]),
        Draft(room=Room.PUBLIC, text="other", reply_to=same.reply_to),
        Draft(room=Room.DIRECT, text=ours["text"], to="7"),
    ):
        assert not translate.says_the_same(ours, other)
