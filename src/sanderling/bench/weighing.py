"""What a page weighs: the bytes that really come for its first load, as a browser asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "same-origin"}
"""What a browser says that a page may come squeezed, and that a page of ours asked for it."""
KINDS = {".css": "styles", ".js": "scripts", ".woff2": "font"}
_STATIC = re.compile(r'\s(?:href|src|data-live)="(/static/[^"#]+)')
_LATER = re.compile(r'<link rel="apple-touch-icon"[^>]*>')
"""What a browser leaves alone until somebody keeps the page among their apps."""
_IMPORT = re.compile(r"""^(?:import\s*|(?:import|export)[^;"']*?from\s*)["']([^"']+)["']""", re.M)
_FACE = re.compile(r'src: url\("([^"]+)"\)[^;]*;\s*unicode-range:([^;]+);')


def first_load(client: httpx.Client, address: str) -> dict[str, int]:
    """Bytes of bodies on the wire for a page, by kind, with everything that it loads at once.

    Fonts are those that a browser picks by the characters of the page.
    """
    weights: dict[str, int] = {}
    html, weights["html"] = fetched(client, address)
    waiting, seen = list(_STATIC.findall(_LATER.sub("", html))), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        text, size = fetched(client, path)
        kind = KINDS.get(re.sub(r".*(?=\.)", "", path), "pictures")
        weights[kind] = weights.get(kind, 0) + size
        waiting += [urljoin(path, found) for found in _further(path, text, html)]
    return weights


def fetched(client: httpx.Client, address: str, **headers: str) -> tuple[str, int]:
    """The text of an answer, and the bytes that it came in; raises where it is no success."""
    with client.stream("GET", address, headers=BROWSER | headers) as answer:
        answer.raise_for_status()
        came = b"".join(answer.iter_raw())
    squeezed = httpx.Response(200, headers=answer.headers, content=came)
    return (squeezed.text if _is_text(answer) else ""), len(came)


def _further(path: str, text: str, html: str) -> Iterator[str]:
    """What a file makes the browser load besides."""
    if path.endswith(".js"):
        yield from _IMPORT.findall(text)
    elif path.endswith(".css"):
        characters = set(map(ord, re.sub(r"<[^>]*>", "", html)))
        for address, ranges in _FACE.findall(text):
            if not characters.isdisjoint(_characters(ranges)):
                yield address


def _characters(ranges: str) -> set[int]:
    """The characters of a unicode-range."""
    found: set[int] = set()
    for one in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", ranges):
        first, last = one[0], one[1] or one[0]
        found |= set(range(int(first, 16), int(last, 16) + 1))
    return found


def _is_text(answer: httpx.Response) -> bool:
    return answer.headers["content-type"].startswith("text/")
