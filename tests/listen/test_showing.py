"""Pictures of posts and faces: what may be asked for, and how long a copy stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import factories
from pictures import GIF, JPEG, SECRET, WEBP, photograph, png
from sanderling.core.network import Refused
from sanderling.listen import showing, tidy
from sanderling.listen.showing import NotShown, Sight
from sanderling.store.shelf import Shelf

URL = "https://pictures.example/cat.jpg"


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch):
    found = Shelf(tmp_path / "media", 10_000_000)
    monkeypatch.setattr(showing, "shelf", lambda: found)
    return found


def post(**changes):
    given = {"media": [{"kind": "picture", "url": URL, "alt": "A cat"}], **changes}
    return factories.post(factories.account(), factories.identity(), "Look", **given)


@given(st.text(max_size=200), st.integers(0, 2**62))
def test_what_was_sealed_is_opened_and_nothing_else(url, number):
    url = url.encode(errors="ignore").decode()
    word = showing.sealed(Sight(url, number))
    assert showing.opened(word) == Sight(url, number)
    assert word == showing.sealed(Sight(url, number))
    assert "/" not in word


@pytest.mark.parametrize(
    "spoil",
    [lambda w: w[:-1], lambda w: "A" + w, lambda w: w.split(":")[0], lambda w: "",
     lambda w: "ü" + w, lambda w: w + "/.."],
)  # fmt: skip
def test_a_word_that_the_desk_did_not_make_opens_nothing(spoil):
    with pytest.raises(NotShown):
        showing.opened(spoil(showing.sealed(Sight(URL, 7))))


@pytest.mark.parametrize(
    ("held", "kind"),
    [(JPEG, "image/jpeg"), (png(), "image/png"), (GIF, "image/gif"), (WEBP, "image/webp")],
)
def test_a_picture_is_kept_as_what_it_is(held, kind):
    sight = Sight(URL)
    assert showing.kept(sight) is None
    assert showing.take(sight, lambda: held).type == kind
    assert showing.kept(sight) == (kind, showing.take(sight, lambda: held).held)


def test_what_a_camera_wrote_into_it_is_neither_shown_nor_kept(tmp_path):
    assert SECRET not in showing.take(Sight(URL), photograph).held
    assert all(SECRET not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    "held",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"GIF89a<script>", JPEG[:40],
     b"\xff\xd8\xff", png(20_000, 20_000 // 10_000), b"\0\0\0\x1cftypavif" + b"\0" * 100],
)  # fmt: skip
def test_what_is_no_picture_or_a_bomb_is_not_shown(held, tmp_path):
    with pytest.raises(NotShown, match=r"no JPEG, PNG, GIF or WebP"):
        showing.take(Sight(URL), lambda: held)
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_why_a_server_did_not_give_it_is_passed_on():
    def fetch() -> bytes:
        raise Refused("It is not there any more.")

    with pytest.raises(NotShown, match="not there any more"):
        showing.take(Sight(URL), fetch)


@pytest.mark.django_db
def test_a_picture_hangs_only_on_the_post_that_carries_it_now():
    mine, other = post(), post(media=None)
    film = post(media=[{"kind": "film", "url": "https://f.example/a.mp4", "poster": URL}])
    assert showing.hangs(Sight(URL, mine.pk))
    assert showing.hangs(Sight(URL, film.pk))
    assert not showing.hangs(Sight(URL, other.pk))
    assert not showing.hangs(Sight(URL + "?", mine.pk))
    assert not showing.hangs(Sight(URL, 2**60))
    mine.media = []
    mine.save()
    assert not showing.hangs(Sight(URL, mine.pk))
    assert showing.hangs(Sight(URL))


@pytest.mark.django_db
def test_copies_go_with_the_post_that_is_erased(django_capture_on_commit_callbacks):
    gone = post(deleted_at=factories.NOW, network="x")
    stays = post(network="x")
    for one in (gone, stays):
        showing.take(Sight(URL, one.pk), lambda: JPEG)
    with django_capture_on_commit_callbacks(execute=True):
        assert tidy.forget_deleted(["x"]) == [gone.pk]
    assert showing.kept(Sight(URL, gone.pk)) is None
    assert showing.kept(Sight(URL, stays.pk))
