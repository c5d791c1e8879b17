"""The weight of a page is that of everything a browser fetches for it."""

from __future__ import annotations

import gzip

import httpx

from sanderling.bench.weighing import fetched, first_load

PAGE = """<link rel="apple-touch-icon" href="/static/1/later.png">
<link rel="stylesheet" href="/static/1/a.css"><p>Łukasz</p>
<script type="module" src="/static/1/js/one.js"></script><a href="/elsewhere/">Elsewhere</a>"""
SHEET = """@font-face { src: url("f/latin.woff2") format("woff2"); unicode-range: U+0000-00FF; }
@font-face { src: url("f/ext.woff2") format("woff2"); unicode-range: U+0100-017F, U+20AC; }
@font-face { src: url("f/greek.woff2") format("woff2"); unicode-range: U+0370-03FF; }"""
FILES = {
    "/": ("text/html", PAGE),
    "/static/1/a.css": ("text/css", SHEET),
    "/static/1/f/latin.woff2": ("font/woff2", "l" * 100),
    "/static/1/f/ext.woff2": ("font/woff2", "e" * 10),
    "/static/1/js/one.js": ("text/javascript", 'import {\n  a,\n} from "./two.js";\n'),
    "/static/1/js/two.js": ("text/javascript", 'import "./one.js";\nexport const a = 1;\n'),
}


def answer(request: httpx.Request) -> httpx.Response:
    kind, text = FILES[request.url.path]
    headers = {"content-type": kind, "content-encoding": "gzip"}
    body = gzip.compress(text.encode(), mtime=0)
    return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))


def test_a_first_load_is_the_page_its_files_their_imports_and_the_fonts_of_its_characters():
    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://desk") as client:
        found = first_load(client, "/")
    size = {name: len(gzip.compress(text.encode(), mtime=0)) for name, (_, text) in FILES.items()}
    assert found == {
        "html": size["/"],
        "styles": size["/static/1/a.css"],
        "font": size["/static/1/f/latin.woff2"] + size["/static/1/f/ext.woff2"],
        "scripts": size["/static/1/js/one.js"] + size["/static/1/js/two.js"],
    }


def test_what_counts_is_what_came_over_the_line():
    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://desk") as client:
        text, size = fetched(client, "/static/1/f/latin.woff2")
        assert fetched(client, "/")[0] == PAGE
    assert (text, size) == ("", len(gzip.compress(b"l" * 100, mtime=0)))
