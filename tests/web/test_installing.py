"""The desk as an app: what a device is told, and what is kept without a line."""

from __future__ import annotations

import json
import re
import struct

import pytest

import factories
from sanderling.urls import urlpatterns
from sanderling.web.static import FOLDER, files


def of(path: str) -> bytes:
    return (FOLDER / path.removeprefix(f"/static/{files().version}/")).read_bytes()


def test_a_device_is_told_all_that_it_needs(client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["start_url"], told["scope"], told["display"]) == ("/desk/", "/", "standalone")
    sizes = {(icon["purpose"], icon["sizes"]) for icon in told["icons"]}
    assert sizes == {(p, s) for p in ("any", "maskable") for s in ("192x192", "512x512")}
    known = {f"/{pattern.pattern}" for pattern in urlpatterns}
    for shortcut in told["shortcuts"]:
        assert shortcut["url"].split("?")[0] in known


def test_the_icons_are_what_they_say_and_small(client):
    for icon in json.loads(client.get("/manifest.webmanifest").content)["icons"]:
        held = of(icon["src"])
        assert held.startswith(b"\x89PNG")
        assert "{}x{}".format(*struct.unpack(">II", held[16:24])) == icon["sizes"]
        assert len(held) < 25_000


def test_the_frame_of_the_window_has_the_colour_of_the_manifest(client):
    colour = json.loads(client.get("/manifest.webmanifest").content)["theme_color"]
    page = client.get("/offline/").text
    assert f'name="theme-color" content="{colour}"' in page
    assert page.count('name="theme-color"') == 2
    client.cookies["theme"] = "dark"
    assert colour not in client.get("/offline/").text


def test_pages_may_name_a_manifest_of_ours_and_no_other(client):
    assert "manifest-src 'self'" in client.get("/offline/")["Content-Security-Policy"]


def test_the_worker_knows_the_version_and_keeps_only_files_that_are_there(client):
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert f'const VERSION = "{files().version}"' in answer.text
    shell = json.loads(re.search(r"const SHELL = (.*);", answer.text)[1].replace("'", '"'))
    kept = [path for path in shell if path.startswith("/static/")]
    assert {path.split("/", 3)[3] for path in kept} <= files().names
    assert set(shell) - set(kept) == {"/offline/"}


def test_the_page_without_a_line_has_every_script_that_it_needs(client):
    """A module that is not kept would break the page just when it is needed."""
    text = client.get("/service-worker.js").text
    for module in ("offline.js", "drafts.js"):
        for needed in re.findall(r'from "\./([^"]+)"', (FOLDER / "js" / module).read_text()):
            assert f"js/{needed}" in text


@pytest.mark.django_db
def test_the_page_without_a_line_says_nothing_about_anybody(client, django_assert_num_queries):
    mira = factories.agent("Mira Solberg")
    factories.account(name="Harbour Mobile")
    client.force_login(mira)
    with django_assert_num_queries(0):
        page = client.get("/offline/").text
    assert "Mira" not in page
    assert "Harbour" not in page
    assert "csrf" not in page
