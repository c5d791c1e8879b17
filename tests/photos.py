"""Photographs small enough to keep: half as wide and high, few colours; and what differs in two.

A photograph is an array of rows of pixels, red, green and blue from 0 to 15.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

Photo = Any
SIGNATURE = b"\x89PNG\r\n\x1a\n"
STEP = 17
"""Between two shades of the sixteen that are kept."""
NOTICED = 3
"""Shades by which a pixel must differ: less is how letters are smoothed."""
BEARABLE = 0.0005
"""The share of pixels that may differ."""


def photo(png: bytes) -> Photo:
    """A screenshot, 8 bits a channel, as the photograph that is kept of it."""
    pixels = _pixels(png)[..., :3]
    high, wide = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    corners = pixels[:high, :wide].reshape(high // 2, 2, wide // 2, 2, 3)
    return ((corners.mean(axis=(1, 3)) + STEP // 2) // STEP).astype(np.uint8)


def different(kept: Photo, now: Photo) -> float:
    """The share of pixels that differ; 1 where not even the size is the same."""
    if kept.shape != now.shape:
        return 1.0
    return float(_differ(kept, now).mean())


def difference(kept: Photo, now: Photo) -> Photo:
    """What is new, pale, with all that differs in red; bigger where the sizes are not the same."""
    size = np.maximum(kept.shape, now.shape)
    one, other = (np.full(size, 15, np.uint8) for _ in range(2))
    one[: kept.shape[0], : kept.shape[1]] = kept
    other[: now.shape[0], : now.shape[1]] = now
    shown = (30 + other.astype(np.int16)) // 3
    shown[_differ(one, other)] = (15, 0, 0)
    return shown.astype(np.uint8)


def encoded(seen: Photo) -> bytes:
    """The photograph as a PNG, with a palette where 256 colours are enough."""
    high, wide, _ = seen.shape
    numbers = seen.astype(np.uint16) @ np.array([256, 16, 1], np.uint16)
    colours, places = np.unique(numbers, return_inverse=True)
    if len(colours) > 256:
        return _png(wide, high, 2, (seen * STEP).reshape(high, wide * 3))
    shades = np.stack([colours >> 8, colours >> 4 & 15, colours & 15], axis=1) * STEP
    return _png(wide, high, 3, places.reshape(high, wide), shades.astype(np.uint8).tobytes())


def decoded(png: bytes) -> Photo:
    """A photograph that was encoded."""
    return (_pixels(png)[..., :3] // STEP).astype(np.uint8)


def _differ(one: Photo, other: Photo) -> Photo:
    return (abs(one.astype(np.int16) - other.astype(np.int16)) > NOTICED).any(axis=2)


def _png(wide: int, high: int, colour: int, rows: Photo, palette: bytes = b"") -> bytes:
    plain = np.zeros((high, rows.shape[1] + 1), np.uint8)
    plain[:, 1:] = rows
    parts = [(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, colour, 0, 0, 0))]
    if palette:
        parts.append((b"PLTE", palette))
    parts += [(b"IDAT", zlib.compress(plain.tobytes(), 9)), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _pixels(png: bytes) -> Photo:
    """The pixels of a PNG of 8 bits a channel, not interlaced, as browsers and `_png` write it."""
    parts = _parts(png)
    wide, high, depth, colour = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert depth == 8
    assert png.startswith(SIGNATURE)
    channels = {2: 3, 3: 1, 6: 4}[colour]
    raw = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(high, -1)
    rows = np.zeros((high, wide * channels), np.uint8)
    above = np.zeros(wide * channels, np.uint8)
    for n, (how, row) in enumerate(zip(raw[:, 0], raw[:, 1:], strict=True)):
        above = rows[n] = unfiltered(int(how), row, above, channels)
    pixels = rows.reshape(high, wide, channels)
    if colour == 3:
        return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[pixels[..., 0]]
    return pixels


def unfiltered(how: int, row: Photo, above: Photo, step: int) -> Photo:
    """A row of bytes as it was before it was written in one of the five ways of PNG."""
    if how == 0:
        return row
    if how == 2:
        return row + above
    if how == 1:
        return np.cumsum(row.reshape(-1, step), axis=0, dtype=np.uint8).reshape(-1)
    return _from_both(how, row.tolist(), above.tolist(), step)


def _from_both(how: int, row: list[int], above: list[int], step: int) -> Photo:
    done = [0] * len(row)
    for i, value in enumerate(row):
        left = done[i - step] if i >= step else 0
        if how == 3:
            guess = (left + above[i]) // 2
        else:
            corner = above[i - step] if i >= step else 0
            near = left + above[i] - corner
            guess = min((left, above[i], corner), key=lambda one: abs(near - one))
        done[i] = (value + guess) & 255
    return np.array(done, np.uint8)


def _parts(png: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = len(SIGNATURE)
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at : at + 8])
        found[name] = found.get(name, b"") + png[at + 8 : at + 8 + size]
        at += size + 12
    return found
