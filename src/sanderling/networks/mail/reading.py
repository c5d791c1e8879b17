"""Bytes of a letter (RFC 5322, MIME) -> what it says. Pure; never fails, whatever the bytes are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from hashlib import sha256

import msgspec

from sanderling.networks.mail.quoting import written
from sanderling.networks.wire.plain import clean, plain

MOST_TEXT = 20_000
MOST_PARTS = 200
MOST_DEPTH = 20
MOST_NESTS, MOST_LINES = 30, 2000
"""Of a letter with more multiparts, or lines between parts, only the headers are read."""
MOST_ID = 400
ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,10}"
)
"""An address as we use it: lower case, ASCII, without comments and quotes."""
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,998})>")
_NOT_TEXT = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Codecs of Python that no letter is written in, and some are slow."""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter says. Ids are Message-IDs without their brackets, made safe by `safe_id`.

    Addresses are in lower case; `text` is what its author wrote, with attachments named.
    """

    id: str
    subject: str
    text: str
    sender: str = ""
    sender_name: str = ""
    answer_to: str = ""
    to: tuple[str, ...] = ()
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automated: bool = False


def read(content: bytes, *, note: str = "") -> Letter:
    """The letter in `content`; `note` is added to its text."""
    message = _parsed(content)
    ids = tuple(safe_id(found) for found in _ids(message, "References"))
    before = [safe_id(found) for found in _ids(message, "In-Reply-To")] or list(ids[-1:])
    name, sender = _sender(message)
    return Letter(
        id=_id(message, content),
        subject=_header(message, "Subject", 300),
        text=_text(message, note),
        sender=sender,
        sender_name=name,
        answer_to=next(iter(_addresses(message, "Reply-To")), ""),
        to=_addresses(message, "To")[:20],
        in_reply_to=before[0] if before else None,
        references=ids,
        automated=_automated(message, sender),
    )


def safe_id(message_id: str) -> str:
    """A Message-ID that is printable ASCII and of a reasonable length, or the hash of one."""
    if len(message_id) <= MOST_ID and message_id.isascii() and message_id.isprintable():
        return message_id
    return "hash:" + sha256(message_id.encode("utf-8", "replace")).hexdigest()


def _parsed(content: bytes) -> Message:
    if _is_simple(content):
        with suppress(Exception):  # a parser of everything stumbles over anything
            return message_from_bytes(content)
    with suppress(Exception):  # as above
        return BytesHeaderParser().parsebytes(content)
    return Message()


def _is_simple(content: bytes) -> bool:
    """Whether the parser is quick with it: each nesting makes every line within it slower."""
    nests = len(_MULTIPART.findall(content))
    return nests == 0 or (nests <= MOST_NESTS and content.count(b"\n--") <= MOST_LINES)


def _id(message: Message, content: bytes) -> str:
    found = _ids(message, "Message-ID")
    if found:
        return safe_id(found[0])
    return "none:" + sha256(content).hexdigest()


def _ids(message: Message, name: str) -> list[str]:
    return _MESSAGE_ID.findall(_raw(message, name)[:20_000])[:100]


def _raw(message: Message, name: str) -> str:
    """A header as it stands, unfolded; empty where there is none."""
    low = name.lower()
    found = next((value for key, value in message.raw_items() if key.lower() == low), "")
    return " ".join(_decoded(str(found).encode("utf-8", "surrogateescape"), None).split())


def _header(message: Message, name: str, most: int) -> str:
    """A header in words."""
    return _words(_raw(message, name), most)


def _words(raw: str, most: int) -> str:
    """What a header says, once its encoded words are read (RFC 2047)."""
    raw = raw[:5000]
    try:
        parts = decode_header(raw)
    except Exception:  # as above
        return _one_line(raw, most)
    words = "".join(
        _decoded(part, charset) if isinstance(part, bytes) else part for part, charset in parts
    )
    return _one_line(words, most)


def _one_line(text: str, most: int) -> str:
    return clean(" ".join(text.split()), most)


def _addresses(message: Message, name: str) -> tuple[str, ...]:
    try:
        found = getaddresses([_raw(message, name)[:5000]])
    except Exception:  # as above
        return ()
    lower = [address.strip().lower() for _, address in found]
    return tuple(address for address in lower if ADDRESS.fullmatch(address))


def _sender(message: Message) -> tuple[str, str]:
    """The name and address in From. A name that looks like another address is none."""
    address = next(iter(_addresses(message, "From")), "")
    try:
        found = getaddresses([_raw(message, "From")[:5000]])
    except Exception:  # as above
        found = []
    name = _words(" ".join(name for name, _ in found[:1]), 200)
    return ("" if "@" in name and name.lower() != address else name), address


def _automated(message: Message, sender: str) -> bool:
    """Whether a machine wrote this, which must never be answered (RFC 3834)."""
    by = _raw(message, "Auto-Submitted").lower()
    box = sender.split("@")[0].replace("-", "").replace("_", "").replace(".", "")
    return (
        bool(by and not by.startswith("no"))
        or _raw(message, "Precedence").lower() in ("bulk", "list", "junk", "auto_reply")
        or _raw(message, "Return-Path") == "<>"
        or message.get_content_type() == "multipart/report"
        or any(name in message for name in ("List-Id", "List-Unsubscribe", "X-Autoreply"))
        or box in ("mailerdaemon", "postmaster", "noreply", "donotreply")
    )


def _text(message: Message, note: str) -> str:
    words = {"text/plain": "", "text/html": ""}
    attached = list[str]()
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in words and not words[kind] and not _is_attached(part):
            words[kind] = _content(part)
        elif not part.is_multipart() and (kind not in words or _is_attached(part)):
            attached.append(f"[attachment: {_name_of(part)}, {_size_of(part)}]")
    text = clean(words["text/plain"], 10 * MOST_TEXT)
    own = written(text or plain(words["text/html"], 10 * MOST_TEXT))
    notes = "\n".join([*attached[:20], *([note] if note else [])])[:4000]
    return "\n\n".join(one for one in (own[: MOST_TEXT - len(notes) - 2], notes) if one)


def _parts(message: Message) -> Iterator[Message]:
    """The parts in their order; letters within the letter are attachments."""
    waiting, seen = [(message, 0)], 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        within = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(within, list):
            if depth < MOST_DEPTH:
                waiting += [
                    (one, depth + 1) for one in reversed(within) if isinstance(one, Message)
                ]
        else:
            yield part


def _is_attached(part: Message) -> bool:
    disposition = _raw(part, "Content-Disposition").lower()
    return disposition.startswith("attachment") or "filename" in disposition


def _content(part: Message) -> str:
    try:
        content = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except Exception:  # as above
        return ""
    return _decoded(content, charset) if isinstance(content, bytes) else ""


def _decoded(content: bytes, charset: str | None) -> str:
    """The text in `content`, by the character set it names, or else by what is likely."""
    for name in (charset, "utf-8"):
        try:
            if name and codecs.lookup(name).name not in _NOT_TEXT:
                return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _name_of(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # as above
        name = ""
    return _words(" ".join(str(name).split()), 100).strip("[]") or _words(
        part.get_content_type(), 60
    )


def _size_of(part: Message) -> str:
    payload = part.get_payload()
    size = len(payload) if isinstance(payload, str) else 0
    if _raw(part, "Content-Transfer-Encoding").lower() == "base64":
        size = size * 3 // 4
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"
