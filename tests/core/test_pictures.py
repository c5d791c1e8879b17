"""Pictures leave the desk as pictures, and nothing that a camera knew leaves with them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pictures import GIF, JPEG, SECRET, WEBP, chunk, exif, photograph, png
from sanderling.core.pictures import NotAPicture, clean

PLAIN = {"image/jpeg": JPEG, "image/png": png(), "image/gif": GIF, "image/webp": WEBP}


def webp_told() -> bytes:
    """A WebP that says where it was taken, as the long form allows."""
    long = b"VP8X" + struct.pack("<I", 10) + bytes([0x2C, 0, 0, 0, 4, 0, 0, 2, 0, 0])
    told = b"".join(name + struct.pack("<I", len(SECRET)) + SECRET for name in (b"EXIF", b"XMP "))
    said = b"WEBP" + long + WEBP[12:] + told
    return b"RIFF" + struct.pack("<I", len(said)) + said


def gif_told() -> bytes:
    comment = b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
    return GIF[:19] + comment + xmp + GIF[19:] + SECRET


TOLD = {
    "image/jpeg": photograph(),
    "image/png": png(5, 3, chunk(b"eXIf", SECRET), chunk(b"tEXt", b"Author\0" + SECRET)) + SECRET,
    "image/gif": gif_told(),
    "image/webp": webp_told(),
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_plain_picture_stays_as_it_is(kind):
    found = clean(PLAIN[kind])
    assert (found.type, found.width, found.height) == (kind, 5, 3)
    assert found.held == PLAIN[kind]


@pytest.mark.parametrize("kind", TOLD)
def test_what_the_camera_wrote_does_not_leave(kind):
    assert SECRET in TOLD[kind]
    found = clean(TOLD[kind])
    assert (found.type, found.width, found.height) == (kind, 5, 3)
    assert SECRET not in found.held
    assert clean(found.held) == found


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("up", [3, 6, 8])
def test_a_photograph_stays_upright(up, order):
    held = clean(photograph(up, order)).held
    assert held.count(b"Exif\0\0") == 1
    kept = held[held.index(b"Exif\0\0") + 6 :]
    assert struct.unpack_from(">HH", kept, 10)[0] == 0x0112
    assert struct.unpack_from(">H", kept, 18) == (up,)


def test_one_that_is_upright_needs_no_word_about_it():
    assert b"Exif" not in clean(photograph(up=1)).held


@pytest.mark.parametrize(
    "held",
    [b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"BM" + b"\0" * 60, b"GIF89a", b"RIFF....WEBP",
     b"\xff\xd8\xff\xd9", JPEG[:-40], png()[:-5], GIF[:30], b"\xff\xd8" + exif()],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused_in_words(held):
    with pytest.raises(NotAPicture, match=r"\.$"):
        clean(held)


@pytest.mark.parametrize("size", [(0, 3), (20_000, 2), (16_000, 16_000)])
def test_a_picture_that_would_fill_the_memory_is_refused(size):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0))
    with pytest.raises(NotAPicture):
        clean(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IEND", b""))


@given(st.sampled_from([*PLAIN.values(), *TOLD.values()]), st.data())
def test_whatever_comes_is_a_picture_or_refused(held, data):
    at = data.draw(st.integers(0, len(held)))
    how = data.draw(st.sampled_from(["cut", "change", "add"]))
    noise = data.draw(st.binary(min_size=1, max_size=8))
    broken = {
        "cut": held[:at], "change": held[:at] + noise + held[at + len(noise) :],
        "add": held[:at] + noise + held[at:],
    }[how]  # fmt: skip
    try:
        found = clean(broken)
    except NotAPicture:
        return
    assert clean(found.held).held == found.held
