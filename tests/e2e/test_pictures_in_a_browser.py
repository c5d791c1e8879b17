"""Pictures, faces and links of strangers in a real browser: seen, opened large, and never asked for
anywhere but at the desk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import factories
from e2e.everyone import problems
from sanderling.networks.practice.drawing import face, landscape
from servers.website import website
from serving import served

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SANDERLING_TEST_SHOTS", "")  # a folder to keep what the pages look like


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("SANDERLING_DATA", str(tmp_path_factory.mktemp("data")))
        with served() as found:
            yield found


@pytest.fixture
def site():
    with website() as found:
        yield found


@pytest.fixture
def opened(signed_in, address):
    """A page of an agent. Whatever it asks for elsewhere than at the desk fails the test."""
    asked: list[str] = []

    def make(path: str, **given) -> Page:
        context = signed_in(factories.agent("Ada Lund"), **given)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(path)
        return page

    yield make
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def picture(url: str, alt: str = "") -> dict[str, str]:
    return {"kind": "picture", "url": url, "alt": alt}


@pytest.fixture
def case(site):
    account = factories.account(address=site.url)
    put = {
        name: site.put(f"/{name}.png", landscape(name)) for name in ("bill", "app", "ad", "sign")
    }
    who = factories.identity("Jonas Veld", avatar=site.put("/jonas.png", face("jonas")))
    text = "Day three. See https://bank.example@evil.example/a and https://pаypal.example/ or https://northwind.example/help"
    now = datetime.now(UTC)
    about = factories.post(account, who, text, created_at=now, url="https://net.example/1", media=[
        picture(put["bill"], "A phone bill with one amount circled twice in red"),
        picture(put["app"]),
        picture(site.put("/evil.svg", b"<svg onload='alert(1)'/>"), "A drawing"),
        {"kind": "film", "url": "https://v.example/f.m3u8", "poster": put["ad"], "seconds": 83,
         "alt": "My router, blinking"},
        {"kind": "sound", "url": "https://v.example/s.mp3", "alt": ""},
    ])  # fmt: skip
    row = factories.case(account, who, text, about_post=about, due_at=now + timedelta(hours=1))
    direct = factories.post(
        account, who, "And here https://xn--bcher-kva.example/", room="direct", created_at=now,
        media=[picture(put["sign"], "Sign"), picture(site.url + "/private.jpg", "In private")],
        counterpart=who.remote_id,
    )  # fmt: skip
    factories.place(row, direct)
    return row


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


def loaded(page: Page) -> None:
    """Wait until the pictures of the timeline are there, or said to be not."""
    for shot in page.locator(".shot").all():
        shot.scroll_into_view_if_needed()
    expect(page.locator(".unseen")).to_have_count(2)
    page.wait_for_function(
        "[...document.querySelectorAll('.shot img, .reel__p')].every((i) => i.naturalWidth)"
    )


def test_pictures_are_seen_described_and_opened_large_with_keys(opened, case):
    page = opened(f"/case/{case.pk}/")
    loaded(page)
    keep(page, "timeline")
    expect(page.locator(".unseen").first).to_contain_text("A drawing")
    expect(page.locator(".unseen__why").first).to_contain_text("no JPEG, PNG, GIF or WebP")
    expect(page.locator(".unseen__why").last).to_contain_text("not there any more")
    expect(page.get_by_role("img", name="A phone bill with one amount")).to_be_visible()
    expect(page.locator(".reel").first).to_contain_text("1:23")
    assert page.locator(".reel .link").first.get_attribute("href") == "https://net.example/1"

    first = page.locator("[data-shot]").first
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("#viewer")
    expect(viewer.locator(".viewer__n")).to_have_text("1 of 2")
    expect(viewer.get_by_role("img", name="A phone bill")).to_be_visible()
    keep(page, "viewer")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("figcaption")).to_have_text("Not described")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator(".viewer__n")).to_have_text("1 of 2")
    assert not problems(page, "pictures")
    page.keyboard.press("Escape")
    expect(viewer).not_to_be_visible()
    expect(first).to_be_focused()


def test_faces_are_shown_and_fall_back_to_initials(opened, case, site):
    other = factories.identity("Rita Okafor", avatar=site.url + "/nobody.png")
    factories.case(case.account, other, due_at=datetime.now(UTC) + timedelta(hours=1))
    page = opened("/desk/?q=team")
    seen = page.locator(f"#row-{case.pk} .ava__p")
    expect(seen).to_have_js_property("naturalWidth", 96)
    expect(page.get_by_text("Rita Okafor").first).to_be_visible()
    page.wait_for_function("document.querySelectorAll('.ava__p[hidden]').length >= 1")
    keep(page, "rows")


def test_links_name_where_they_lead_and_open_apart(opened, case):
    page = opened(f"/case/{case.pk}/")
    links = page.locator(".post a.out")
    expect(links).to_have_count(3)
    for link in links.all():
        assert set(link.get_attribute("rel").split()) == {
            "noopener",
            "noreferrer",
            "nofollow",
            "ugc",
        }
        assert link.get_attribute("target") == "_blank"
    hosts = page.locator(".post .host")
    expect(hosts).to_have_count(2)
    expect(hosts.first).to_contain_text("leads to evil.example")
    expect(hosts.last).to_contain_text("xn--pypal-4ve.example, whose name mixes alphabets")
    assert links.first.get_attribute("href") == "https://evil.example/a"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_telephone_nothing_is_wider_than_the_page(opened, case, scheme):
    size = {"width": 390, "height": 844}
    page = opened(f"/case/{case.pk}/", viewport=size, color_scheme=scheme)
    loaded(page)
    page.locator(".post").first.scroll_into_view_if_needed()
    keep(page, f"phone-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not problems(page, "pictures")
    page.locator("[data-shot]").first.click()
    expect(page.locator("#viewer img")).to_be_visible()
    keep(page, f"phone-viewer-{scheme}")


def test_without_a_script_a_picture_opens_alone(opened, case):
    page = opened(f"/case/{case.pk}/", java_script_enabled=False)
    link = page.locator("[data-shot]").first
    assert re.match(r"/media/[^/]+/$", link.get_attribute("href"))
    assert page.locator(".shot img").first.get_attribute("alt").startswith("A phone bill")
