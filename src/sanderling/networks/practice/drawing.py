"""Pictures and faces as PNG, drawn by arithmetic: a network of people has photographs, and nobody
shows drawings (SVG) of strangers, which can hold scripts."""

from __future__ import annotations

import colorsys
import math
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache

Colour = tuple[int, int, int]


@lru_cache(maxsize=256)
def landscape(seed: str) -> bytes:
    """A hill under a sun, 480 by 320 pixels; colours and lines are those of the seed."""
    tint = zlib.crc32(seed.encode()) % 360
    sky, sun, near, far = (
        _hue(tint, *how) for how in ((0.4, 0.82), (0.7, 0.92), (0.35, 0.38), (0.3, 0.58))
    )
    first, second = tint % 7, tint % 11

    def at(x: int, y: int) -> Colour:
        if y > 230 + 34 * math.sin(x / 83 + first):
            return near
        if y > 200 + 46 * math.sin(x / 120 + second):
            return far
        return sun if (x - 380) ** 2 + (y - 84) ** 2 < 40**2 else sky

    return _png(480, 320, at)


@lru_cache(maxsize=4096)
def face(seed: str) -> bytes:
    """Head and shoulders, 96 by 96 pixels, in colours of their own."""
    tint = zlib.crc32(seed.encode()) % 360
    ground, coat = _hue(tint, 0.45, 0.8), _hue(tint + 150, 0.35, 0.42)
    skin = _hue(26, 0.45, 0.35 + (tint % 5) * 0.11)

    def at(x: int, y: int) -> Colour:
        if (x - 48) ** 2 + (y - 40) ** 2 < 19**2:
            return skin
        return coat if ((x - 48) / 36) ** 2 + ((y - 98) / 34) ** 2 < 1 else ground

    return _png(96, 96, at)


def _hue(degrees: int, strong: float, light: float) -> Colour:
    found = colorsys.hls_to_rgb(degrees % 360 / 360, light, strong)
    return (round(found[0] * 255), round(found[1] * 255), round(found[2] * 255))


def _png(width: int, height: int, at: Callable[[int, int], Colour]) -> bytes:
    rows = b"".join(b"\0" + b"".join(bytes(at(x, y)) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))
