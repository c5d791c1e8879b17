"""Between letters and the desk's words. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

import msgspec

from sanderling.core.network import Author, Draft, Post, Refused, Room
from sanderling.core.words import later
from sanderling.networks.mail.access import Access
from sanderling.networks.mail.reading import ADDRESS, MOST_TEXT, Letter, safe_id

_OURS = re.compile(r"desk\.[0-9a-f]{40}@")
_ANSWER = re.compile(r"^\s*(?:(?:re|aw|sv|antw|rv|ynt|odp|отв)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@\[\]:;,-]+")
MOST_REFERENCES = 20


class Place(msgspec.Struct, frozen=True, array_like=True):
    """How far a folder has been read: all up to `uid`, as long as its UIDs are valid."""

    validity: int
    uid: int


def to_places(cursor: str | None) -> dict[str, Place]:
    """The places by folder that a cursor tells; none where it makes no sense."""
    try:
        return msgspec.json.decode(cursor or "{}", type=dict[str, Place])
    except (msgspec.DecodeError, RecursionError):
        return {}


def to_cursor(places: dict[str, Place]) -> str:
    """The places as a cursor."""
    return msgspec.json.encode(places).decode()


def to_post(letter: Letter, at: datetime, ours: str, *, sent: bool) -> Post:
    """A letter as a post. `at` is when the server took it, `ours` our own address; `sent` says that
    it lay among the sent letters, which alone makes it ours."""
    author = _author(letter, ours, sent=sent)
    others = [address for address in letter.to if address != ours]
    at_home = letter.id.rpartition("@")[2] == ours.rpartition("@")[2]
    forged = not sent and at_home and _OURS.match(letter.id)
    answers = letter.in_reply_to is not None
    head = "" if answers or letter.text.startswith(letter.subject) else letter.subject
    return Post(
        remote_id=safe_id(f"forged {letter.id}\u0000") if forged else letter.id,
        author=author,
        text="\n\n".join(part for part in (head, letter.text) if part)[:MOST_TEXT],
        created_at=at,
        room=Room.DIRECT,
        reply_to=letter.in_reply_to,
        thread=(*letter.references, letter.in_reply_to or letter.id)[0],
        counterpart=(others or [ours])[0] if sent else author.id,
        automated=letter.automated,
    )


def to_letter(draft: Draft, key: str, access: Access, before: Letter | None) -> EmailMessage:
    """What to send so that mail programs put it under `before`, the letter it answers.

    Raises Refused where there is nobody to send it to.
    """
    to = (draft.to or "").strip().lower()
    if draft.room is not Room.DIRECT or not ADDRESS.fullmatch(to):
        raise Refused(
            later("“{to}” is no e-mail address that we can write to.").format(to=to[:100])
        )
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_printable(access.name), addr_spec=access.sender)
    message["To"] = to
    message["Subject"] = _subject(before, access)
    if draft.at:
        message["Date"] = draft.at
    message["Message-ID"] = f"<{message_id(key, access.sender)}>"
    chain = _chain(draft.reply_to, before)
    if chain:
        message["In-Reply-To"] = f"<{chain[-1]}>"
        message["References"] = " ".join(f"<{one}>" for one in chain)
    message.set_content(draft.text, charset="utf-8", cte="quoted-printable")
    return message


def message_id(key: str, sender: str) -> str:
    """The Message-ID of what is pushed under `key`: the same at every try."""
    return f"desk.{sha256(key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}"


def _author(letter: Letter, ours: str, *, sent: bool) -> Author:
    """Who wrote it. Our own address in a letter that was not sent from here proves nothing: forms
    on websites write so and name the customer in Reply-To, and so does who wants to deceive."""
    if sent:
        return Author(id=ours, handle=ours)
    if letter.sender not in ("", ours):
        return Author(id=letter.sender, handle=letter.sender, name=letter.sender_name)
    if letter.answer_to not in ("", ours):
        return Author(id=letter.answer_to, handle=letter.answer_to)
    return Author(id="unknown", handle="unknown", name="Unknown sender")


def _subject(before: Letter | None, access: Access) -> str:
    asked = _ANSWER.sub("", before.subject) if before else ""
    return _printable(
        f"Re: {asked}" if asked else f"Your message to {access.name or access.sender}"
    )


def _chain(reply_to: str | None, before: Letter | None) -> list[str]:
    """The ids of the conversation, oldest first, the answered letter last (RFC 5322, 3.6.4)."""
    known = [*before.references, before.id] if before else []
    chain = [*known, *([reply_to] if reply_to and reply_to not in known else [])]
    real = [one for one in chain if not one.startswith(("hash:", "none:")) and _bracketable(one)]
    return [*real[:1], *real[1:][-MOST_REFERENCES:]]


def _bracketable(message_id: str) -> bool:
    """Whether an id can stand in a header of ours as it is."""
    return _ID.fullmatch(message_id) is not None and "=?" not in message_id


def _printable(text: str) -> str:
    """`text` for a header of ours. Python reads encoded words ("=?utf-8?q?=0D=0A?=") in what it is
    to write, so that they would bring line breaks in: they are written otherwise."""
    return "".join(char for char in text if char.isprintable())[:200].replace("=?", "= ?")
