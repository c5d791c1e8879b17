"""Pictures by way of the desk: who may see them, and what is said where one is not shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

import factories
from pictures import JPEG, SECRET, photograph
from sanderling.web.pieces import pieces, shown_at
from servers.website import answer, website
from serving import served, session_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("SANDERLING_DATA", str(tmp_path_factory.mktemp("data")))
        with served() as found:
            yield found


@pytest.fixture
def site():
    """The practice network that our account is connected to: the one private server allowed."""
    with website() as found:
        yield found


@pytest.fixture
def account(site):
    return factories.account(address=site.url)


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def ask(address, ada):
    cookies = {"sessionid": session_of(ada)}

    def get(path: str, **more) -> httpx.Response:
        return httpx.get(address + path, **{"cookies": cookies, "timeout": 20, **more})

    return get


def hung(account, url: str, **changes) -> str:
    """A post with a picture; where the desk shows it."""
    post = factories.post(
        account, factories.identity(), "Look", media=[{"kind": "picture", "url": url}], **changes
    )
    return shown_at(url, post.pk)


def test_an_agent_sees_a_picture_without_what_the_camera_wrote_as_what_it_is(ask, account, site):
    seen = ask(hung(account, site.put("/a.jpg", photograph(), kind="text/html")))
    assert seen.status_code == 200
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in seen.headers["content-security-policy"]
    assert seen.headers["cache-control"].startswith("private")
    assert seen.content.startswith(JPEG[:3])
    assert SECRET not in seen.content


def test_only_agents_see_pictures_and_nothing_is_fetched_for_others(ask, account, site):
    path = hung(account, site.put("/a.jpg", JPEG))
    for cookies in ({}, {"sessionid": "x" * 32}):
        assert ask(path, cookies=cookies).status_code == 401
    assert not site.asked


def test_nobody_makes_the_desk_fetch_what_they_like(ask, account, site):
    url = site.put("/a.jpg", JPEG)
    hung(account, url)
    for path in (f"/media/{url}/", "/media/", "/media/x:y/", shown_at(url, 1)[:-2] + "/"):
        assert ask(path).status_code == 404
    assert not site.asked


def test_a_private_server_is_not_asked_unless_it_is_the_practice_network_we_are_on(ask, account):
    with website() as inside:
        seen = ask(hung(account, inside.put("/a.jpg", JPEG)))
        assert seen.status_code == 404
        assert "not" in seen.text
        assert not inside.asked


def test_a_picture_is_fetched_once_however_many_ask_at_once(ask, account, site):
    go = threading.Event()

    def slow(request) -> None:
        go.wait(10)
        answer(request, 200, JPEG, {})

    path = hung(account, site.on("/slow.jpg", slow))
    with ThreadPoolExecutor(6) as many:
        asked = [many.submit(ask, path) for _ in range(6)]
        go.set()
        assert [one.result().status_code for one in asked] == [200] * 6
    assert ask(path).status_code == 200
    assert len(site.asked) == 1


def test_pages_do_not_wait_for_servers_that_are_slow(ask, account, site):
    go = threading.Event()
    paths = [hung(account, site.on(f"/{n}.jpg", lambda _: go.wait(10))) for n in range(20)]
    with ThreadPoolExecutor(20) as many:
        asked = [many.submit(ask, path) for path in paths]
        try:
            assert ask("/desk/", timeout=8).status_code == 200
        finally:
            go.set()
        assert {one.result().status_code for one in asked} == {404}


def test_what_is_not_shown_says_why_and_is_not_tried_at_once_again(ask, account, site):
    path = hung(account, site.put("/a.svg", b"<svg onload='alert(1)'/>", kind="image/svg+xml"))
    for _ in range(2):
        seen = ask(path)
        assert seen.status_code == 404
        assert seen.headers["content-type"].startswith("text/plain")
        assert "no JPEG, PNG, GIF or WebP" in seen.text
    assert len(site.asked) == 1


def test_a_picture_is_gone_with_the_post_that_carried_it(ask, account, site):
    path = hung(account, site.put("/a.jpg", JPEG))
    assert ask(path).status_code == 200
    from sanderling.listen.models import Post  # noqa: PLC0415  only this test changes a row

    Post.objects.update(media=None)
    assert ask(path).status_code == 404


def test_a_face_is_shown_the_same_way(ask, account, site):
    assert ask(shown_at(site.put("/face.jpg", JPEG))).status_code == 200


def test_pictures_are_only_looked_at(ask, account, site, address):
    path = hung(account, site.put("/a.jpg", JPEG))
    assert httpx.post(address + path).status_code == 405
    head = httpx.head(address + path, cookies={"sessionid": session_of(factories.agent("Ben Oak"))})
    assert (head.status_code, head.content) == (200, b"")


def test_pieces_tell_what_hangs_and_never_lead_a_browser_away():
    told = [
        {"kind": "picture", "url": "https://p.example/a.jpg", "alt": " A cat "},
        {"kind": "film", "url": "https://p.example/a.mp4", "poster": "https://p.example/p.jpg",
         "seconds": 62.4},
        {"kind": "sound", "url": "https://p.example/a.mp3", "seconds": None},
        {"kind": "picture", "url": "javascript:alert(1)"}, {"kind": "thing"},
    ]  # fmt: skip
    picture, film, sound, bad, thing = pieces(told, 7)
    assert picture.address.startswith("/media/")
    assert picture.alt == "A cat"
    assert film.address.startswith("/media/")
    assert film.lasts == "1:02"
    assert sound.address == sound.lasts == bad.address == thing.address == ""
    assert [one.address for one in pieces(told, 0)] == [""] * 5
