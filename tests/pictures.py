"""Small pictures of every kind, some with what a camera writes into them."""

from __future__ import annotations

import base64
import struct
import zlib

SECRET = b"52.5200N 13.4050E of Jonas"
"""What must not leave the desk."""

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1td"
    "hbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAADAAUDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEA"
    "AAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIR"
    "AxEAPwCYAtLf/9k="
)
"""5 by 3 pixels."""

WEBP = base64.b64decode(
    "UklGRjQAAABXRUJQVlA4ICgAAACQAQCdASoFAAMABABoJaACdLoAA5gA/uHDfUjDF2P/8K1vZ7A7EAAA"
)
"""5 by 3 pixels, without a further header."""

GIF = (
    b"GIF89a" + struct.pack("<HHBBB", 5, 3, 0x80, 0, 0) + b"\x00\x88\xaa\xff\xff\xff"
    b"\x21\xf9\x04\0\0\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 5, 3, 0)
    + b"\x02\x04\x84\x8f\x09\x05\0" + b";"
)  # fmt: skip


def chunk(name: bytes, held: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))


def png(width: int = 5, height: int = 3, *more: bytes) -> bytes:
    """A PNG of one colour, with `more` chunks before what it draws."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\x00\x88\xaa" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + b"".join([head, *more, chunk(b"IDAT", rows), chunk(b"IEND", b"")])


def exif(up: int = 6, order: str = "<") -> bytes:
    """A segment as cameras write it: which way is up, and where it was taken."""
    mark = b"II" if order == "<" else b"MM"
    tiff = mark + struct.pack(
        f"{order}HIHHHIHHHHIII", 42, 8, 2, 0x0112, 3, 1, up, 0, 0x010E, 2, len(SECRET), 38, 0
    )
    said = b"Exif\0\0" + tiff + SECRET
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said


def photograph(up: int = 6, order: str = "<") -> bytes:
    """A JPEG as it comes from a telephone: with a place, a comment, and another picture behind."""
    comment = b"\xff\xfe" + struct.pack(">H", len(SECRET) + 2) + SECRET
    return JPEG[:2] + exif(up, order) + comment + JPEG[2:] + SECRET + JPEG
