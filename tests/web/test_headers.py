"""What every answer tells the browser, and the files beside the pages."""

from __future__ import annotations

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

import factories
from sanderling.web import trimming
from sanderling.web.static import FOLDER, Files


@pytest.fixture(scope="module")
def files() -> Files:
    return Files()


def fetch(files: Files, path: str, accepts: bytes = b"") -> tuple[int, dict[bytes, bytes], bytes]:
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [(b"accept-encoding", accepts)]}
    # In a thread of its own: where browser tests ran before, a loop is running in this one.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, files.answer(scope, send)).result()
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.mark.django_db
def test_no_page_runs_a_script_or_a_style_that_is_not_a_file_of_ours(client):
    client.force_login(factories.agent())
    for path in ("/signin/", "/desk/", "/deck/", "/no/such/page"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
        assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_pages_are_kept_by_nobody_and_framed_by_nobody(client):
    client.force_login(factories.agent())
    answer = client.get("/desk/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_kept_for_ever_under_the_hash_of_all_of_them(files):
    status, headers, body = fetch(files, files.address("css/app.css"))
    assert status == 200
    assert headers[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert headers[b"content-type"] == b"text/css; charset=utf-8"
    assert body.startswith(b"@layer reset,tokens,base")


def test_another_version_of_a_file_is_not_kept(files):
    assert fetch(files, "/static/0123456789ab/css/app.css")[1][b"cache-control"] == b"no-cache"


def test_a_file_is_squeezed_only_for_browsers_that_say_so(files):
    path = files.address("icons.svg")
    _, headers, squeezed = fetch(files, path, b"br, gzip")
    assert headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(squeezed) == fetch(files, path)[2]


@pytest.mark.parametrize("path", ["/static/", "/static/x", "/static/x/../../settings.py"])
def test_nothing_else_can_be_fetched(files, path):
    assert fetch(files, path)[0] == 404


def test_every_file_that_a_sheet_or_script_names_is_there(files):
    for name in FOLDER.rglob("*.css"):
        for url in re.findall(r'url\("([^"]+)"\)', name.read_text()):
            assert (name.parent / url).is_file(), f"{name.name} names {url}"
    for name in (FOLDER / "js").glob("*.js"):
        for url in re.findall(r'from "([^"]+)"', name.read_text()):
            assert (name.parent / url).is_file(), f"{name.name} names {url}"


def test_every_sheet_is_part_of_the_one_that_pages_load(files):
    sheet = fetch(files, files.address("css/app.css"))[2].decode()
    for name in (FOLDER / "css").glob("*.css"):
        assert trimming.style(name.read_text()) in sheet
