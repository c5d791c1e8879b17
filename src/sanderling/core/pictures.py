"""Pictures as they may leave the desk: known kinds only, without what the camera wrote into them.

A file is told by its first bytes, never by its name. It is taken apart into its parts, and only the
parts that draw the picture are put together again: where it was taken, with what and by whom stays
behind, as do thumbnails, comments and whatever hangs after the end. Nothing is drawn anew, so the
picture loses nothing; of a photograph it is kept which way is up. Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from sanderling.core.words import figure, later, say

TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 16_384


class Picture(NamedTuple):
    """A clean picture: its type, its size as it is stored (pixels), and its bytes."""

    type: str
    width: int
    height: int
    held: bytes


class NotAPicture(ValueError):
    """This cannot be sent as a picture; the sentence is for people."""


def clean(held: bytes) -> Picture:
    """The picture in `held` without what does not draw it. Raises NotAPicture."""
    try:
        found = _clean(held)
    except (IndexError, struct.error) as error:
        raise NotAPicture(say(_CUT_OFF)) from error
    if not (0 < found.width <= LONGEST_SIDE and 0 < found.height <= LONGEST_SIDE):
        raise NotAPicture(
            say(
                "A picture may be {most} pixels wide and high at most.",
                most=figure(LONGEST_SIDE),
            )
        )
    if found.width * found.height > MOST_PIXELS:
        raise NotAPicture(say("This picture has more than 50 million pixels. Make it smaller."))
    return found


def _clean(held: bytes) -> Picture:
    if held.startswith(b"\xff\xd8\xff"):
        return _jpeg(held)
    if held.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(held)
    if held[:6] in (b"GIF87a", b"GIF89a"):
        return _gif(held)
    if held[:4] == b"RIFF" and held[8:12] == b"WEBP":
        return _webp(held)
    raise NotAPicture(
        say("This is no picture that networks take. Attach a JPEG, PNG, GIF or WebP.")
    )


_BROKEN = later("This picture is broken. Try another copy.")
_CUT_OFF = later("This picture is broken: its end is missing. Try another copy.")

# JPEG: segments, each a marker and a length; after a start of scan comes data up to a marker.

_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD8)}


def _jpeg(held: bytes) -> Picture:
    parts, width, height, up = [b"\xff\xd8"], 0, 0, 1
    for marker, body in _segments(held):
        if marker in _SIZES:
            height, width = struct.unpack_from(">HH", body, 5)
        if marker == 0xE1 and body[4:10] == b"Exif\0\0" and up == 1:
            up = _orientation(body[10:])
            parts += [_upright(up)] if up != 1 else []
        elif _draws(marker, body):
            parts.append(body)
    if not width or not any(part.startswith(b"\xff\xda") for part in parts):
        raise NotAPicture(say(_BROKEN))
    return Picture("image/jpeg", width, height, b"".join([*parts, b"\xff\xd9"]))


def _segments(held: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with its whole segment, up to the end of the picture."""
    at = 2
    while True:
        if held[at] != 0xFF:
            raise NotAPicture(say(_BROKEN))
        marker = held[at + 1]
        if marker == 0xD9:
            return
        if marker == 0xFF:  # filling
            at += 1
            continue
        start, at = at, at + 2
        if marker not in _ALONE:
            (length,) = struct.unpack_from(">H", held, at)
            if length < 2:
                raise NotAPicture(say(_BROKEN))
            at += length
        if marker == 0xDA:
            at = _after_scan(held, at)
        if at > len(held):
            raise NotAPicture(say(_BROKEN))
        yield marker, held[start:at]


def _after_scan(held: bytes, at: int) -> int:
    """Where the next marker stands that is not part of the drawn data."""
    while True:
        at = held.find(b"\xff", at)
        if at < 0:
            raise NotAPicture(say(_CUT_OFF))
        if held[at + 1] and held[at + 1] not in _ALONE:
            return at
        at += 2


def _draws(marker: int, body: bytes) -> bool:
    """Of what applications add, the plain header, the colours and Adobe's word on them."""
    if marker == 0xFE:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    said = body[4:]
    return (
        (marker == 0xE0 and said.startswith(b"JFIF\0") and len(body) == 18)
        or (marker == 0xE2 and said.startswith(b"ICC_PROFILE\0"))
        or (marker == 0xEE and said.startswith(b"Adobe"))
    )


def _orientation(tiff: bytes) -> int:
    """Which way is up, 1 to 8; 1 where it is not said."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for nth in range(min(count, 200)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * nth)
            if (tag, kind) == (0x0112, 3):
                return value if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        return 1
    return 1


def _upright(up: int) -> bytes:
    """A segment that says which way is up, and nothing else."""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, up, 0, 0)
    said = b"Exif\0\0" + tiff
    return struct.pack(">BBH", 0xFF, 0xE1, len(said) + 2) + said


# PNG: chunks, each a length, a name, what it holds, and a sum.

_PNG_DRAWS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT cICP acTL fcTL fdAT".split()
)


def _png(held: bytes) -> Picture:
    parts, at, name = [held[:8]], 8, b""
    width, height = struct.unpack_from(">II", held, 16)
    if held[12:16] != b"IHDR":
        raise NotAPicture(say(_BROKEN))
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", held, at)
        end = at + 12 + length
        if end > len(held):
            raise NotAPicture(say(_BROKEN))
        if name in _PNG_DRAWS:
            parts.append(held[at:end])
        at = end
    return Picture("image/png", width, height, b"".join(parts))


# GIF: a header, then blocks; each is a mark and sub-blocks that end with an empty one.

_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def _gif(held: bytes) -> Picture:
    width, height, flags = struct.unpack_from("<HHB", held, 6)
    at = 13 + _colours(flags)
    parts = [held[:at]]
    while held[at] != 0x3B:
        start = at
        if held[at] == 0x21:
            kind, at = held[at + 1], _after_blocks(held, at + 2)
            loops = kind == 0xFF and held[start + 3 : start + 14] in _LOOPS
            kept = kind == 0xF9 or loops
        elif held[at] == 0x2C:
            at = _after_blocks(held, at + 11 + _colours(held[at + 9]))
            kept = True
        else:
            raise NotAPicture(say(_BROKEN))
        parts += [held[start:at]] if kept else []
    return Picture("image/gif", width, height, b"".join([*parts, b";"]))


def _colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(held: bytes, at: int) -> int:
    while length := held[at]:
        at += 1 + length
    return at + 1


# WebP: chunks, each a name, a length and what it holds, filled up to an even number.

_WEBP_DRAWS = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
_TOLD_OF = 0b0000_1100
"""The bits of VP8X that announce Exif and XMP."""


def _webp(held: bytes) -> Picture:
    parts, at, size = [], 12, (0, 0)
    (whole,) = struct.unpack_from("<I", held, 4)
    end = min(len(held), whole + 8)
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", held, at)
        body = held[at + 8 : at + 8 + length]
        if len(body) != length:
            raise NotAPicture(say(_BROKEN))
        if name == b"VP8X":
            body = bytes([body[0] & ~_TOLD_OF]) + body[1:]
        if name in _WEBP_DRAWS:
            size = size if all(size) else _webp_size(name, body)
            parts.append(struct.pack("<4sI", name, length) + body + b"\0" * (length % 2))
        at += 8 + length + length % 2
    said = b"WEBP" + b"".join(parts)
    return Picture("image/webp", *size, struct.pack("<4sI", b"RIFF", len(said)) + said)


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        wide, high = int.from_bytes(body[4:7], "little"), int.from_bytes(body[7:10], "little")
        return wide + 1, high + 1
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", body, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        wide, high = struct.unpack_from("<HH", body, 6)
        return wide & 0x3FFF, high & 0x3FFF
    return 0, 0
