"""What feeds tell, and what becomes of it: recorded feeds, and feeds that were tampered with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanderling.core.network import Post, Refused, Room
from sanderling.networks.feed.reading import MOST_ENTRIES, MOST_TEXT, Told, read
from sanderling.networks.feed.translate import MOST_KNOWN, Place, news, to_cursor, to_place
from sanderling.networks.wire.plain import clean, plain

RECORDED = Path(__file__).parent / "recorded"
FEED = "https://schiene.example/blog.atom"
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
ALL = {path.name: path.read_bytes() for path in RECORDED.iterdir()}


def told(name: str) -> Told:
    return read(ALL[name], url=FEED)


def posts(feed: Told, place: Place | None = None, now: datetime = NOW) -> tuple[Post, ...]:
    return news(feed, place or Place(), FEED, now)[0]


def test_an_atom_blog():
    first, second = posts(told("blog.atom"))
    assert first.text == (
        "Northwind lässt mich warten\n\nSeit drei Wochen & kein Anschluss.\n\nWas nun?"
    )
    assert first.author.name == "Mira Oster"
    assert first.created_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert first.edited_at is None
    assert first.url == "https://schiene.example/2026/warten"
    assert first.media[0].url == "https://schiene.example/foto.jpg"
    assert first.room is Room.PUBLIC
    assert first.lang == second.lang == "de"
    assert second.text.endswith("Immer noch 1 < 2.")
    assert second.author.name == "Schiene und Pfad"
    assert second.edited_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_review_begins_with_its_stars():
    feed = told("reviews.rss")
    review, undated = posts(feed)
    assert review.text.splitlines()[:2] == ["★★☆☆☆", "Crashes at login"]
    assert review.author.handle == "tallulah"
    assert undated.created_at == NOW
    assert feed.every == 1800


def test_a_json_feed_loses_only_the_items_that_make_no_sense():
    feed = told("forum.json")
    first, last = posts(feed)
    assert first.text == "Bill twice\n\nCharged twice"
    assert first.created_at == datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert first.media[0].kind == "picture"
    assert last.text == "Me too."
    assert (feed.hub, feed.topic) == ("https://hub.example/", "https://forum.example/feed.json")


@pytest.mark.parametrize("body", [b"", b"<html><p>hello</p></html>", b"{}", b'{"version": "3"}'])
def test_what_is_no_feed_is_refused(body: bytes):
    with pytest.raises(Refused):
        read(body)


def test_nothing_is_told_twice_and_a_new_wording_is_an_edit():
    feed = told("reviews.rss")
    _, place = news(feed, Place(asked=1), FEED, NOW)
    later = NOW + timedelta(hours=1)
    assert posts(feed, place, later) == ()
    worded = read(ALL["reviews.rss"].replace(b"closes at once", b"works again"), url=FEED)
    place = to_place(to_cursor(place))
    (edit,) = posts(worded, place, later)
    assert edit.remote_id == posts(feed)[0].remote_id
    assert "works again" in edit.text
    assert edit.edited_at == later
    assert edit.created_at == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_an_edit_without_any_date_keeps_the_day_it_was_first_seen():
    _, place = news(told("reviews.rss"), Place(asked=1), FEED, NOW)
    worded = read(ALL["reviews.rss"].replace(b"Nobody knows", b"Someone knows"), url=FEED)
    # Without an id or a date the wording is all there is: another wording, another entry.
    assert posts(worded, place)[0].edited_at is None
    linked = ALL["reviews.rss"].replace(
        b"<title>No date", b"<link>https://a.example/1</link><title>No date"
    )
    _, place = news(read(linked, url=FEED), Place(asked=1), FEED, NOW)
    later = NOW + timedelta(days=1)
    (edit,) = posts(read(linked.replace(b"Nobody", b"Someone"), url=FEED), place, later)
    assert (edit.created_at, edit.edited_at) == (NOW, later)


def test_a_wrong_character_set_is_no_reason_to_lose_words():
    latin = ALL["blog.atom"].decode().replace('encoding="utf-8"', "").replace("l&#228;sst", "lässt")
    feed = read(latin.encode("latin-1"), "text/xml; charset=utf-8", FEED)
    assert "lässt" in feed.entries[0].title


def test_entities_do_not_multiply():
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha" * 50) for n in range(10)
    )
    body = b"".join(
        (
            b'<?xml version="1.0"?><!DOCTYPE x [',
            laughs,
            b"]><rss version='2.0'><channel><title>&l9;</title>",
            b"<item><title>&l9;</title></item></channel></rss>",
        )
    )
    try:
        feed = read(body)
    except Refused:
        return
    assert sum(len(entry.title) + len(entry.body) for entry in feed.entries) < 1000


def test_a_file_of_this_machine_is_not_read(tmp_path: Path):
    lure = tmp_path / "lure"
    lure.write_bytes(ALL["blog.atom"])
    with pytest.raises(Refused):
        read(str(lure).encode())


def test_external_entities_are_not_fetched(tmp_path: Path):
    (tmp_path / "secret").write_text("the secret")
    body = (
        f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'
        '<rss version="2.0"><channel><item><title>&s;</title></item></channel></rss>'
    )
    feed = read(body.encode())
    assert all("the secret" not in entry.title for entry in feed.entries)


def test_a_great_feed_is_cut_and_so_is_what_is_remembered():
    items = b"".join(
        b"<item><guid>%d</guid><title>%s</title></item>" % (n, b"x" * 100) for n in range(1500)
    )
    feed = read(b"<rss version='2.0'><channel>" + items + b"</channel></rss>")
    assert len(feed.entries) == MOST_ENTRIES
    known, place = news(feed, Place(), FEED, NOW)
    assert len(known) == len(place.known) == MOST_KNOWN
    other = read(b"<rss version='2.0'><channel><item><guid>new</guid></item></channel></rss>")
    _, place = news(other, place, FEED, NOW)
    assert len(place.known) == MOST_KNOWN
    assert len(to_cursor(place)) < 60_000


PIECES = [b"<", b">", b"&", b"<entry>", b"</entry>", b"<![CDATA[", b"]]>", b"&#0;", b"\x00", b"-"]
PIECES += [b"&#xD800;", b"<item>", b"9999999999999", b"<updated>", b'"', b"{", b"null"]


@st.composite
def tampered(draw: st.DrawFn) -> bytes:
    """A recorded feed with pieces cut out, doubled and replaced."""
    body = bytearray(draw(st.sampled_from(sorted(ALL.values()))))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        cut = draw(st.integers(0, 60))
        piece = draw(st.binary(max_size=20) | st.sampled_from(PIECES))
        body[at : at + cut] = piece
    return bytes(body)


@settings(max_examples=150, deadline=None)
@given(tampered())
def test_whatever_a_feed_says_posts_are_bounded_and_fit_to_keep(body: bytes):
    try:
        feed = read(body, url=FEED)
    except Refused:
        return
    found, place = news(feed, Place(), FEED, NOW)
    for post in found:
        assert len(post.remote_id) == 32
        assert len(post.text) <= MOST_TEXT
        assert not set(post.text) & {"\x00", "\r", "\x1b"}
        post.text.encode()
        assert post.created_at.tzinfo is UTC
        assert post.url == "" or post.url.startswith(("http://", "https://"))
    assert to_place(to_cursor(place)) == place
    assert posts(feed, place) == ()


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<script>",
                "</SCRIPT>",
                "<!--",
                "-->",
                "<b",
                ">",
                "&lt;",
                "&#0;",
                "&#xd800;",
                "x",
            ]
        )
    ).map("".join)
)
def test_plain_text_is_bounded_and_clean(html: str):
    text = plain(html, 100)
    assert len(text) <= 100
    assert text == clean(text, 100)
    text.encode()


def test_plain_text_keeps_words_and_drops_what_no_reader_sees():
    html = "<head><title>T</title><style>p{}</style></head><p>One&nbsp;<b>two</b></p><!-- no -->"
    html += "<blockquote>said<br>so</blockquote><SCRIPT>if (a<b) {}</SCRIPT >five &lt; six I <3 it"
    assert plain(html, 1000) == "One two\n\n> said\n> so\nfive < six I <3 it"


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "<script>", "<!", "</", "&", "<blockquote>"])
def test_html_made_to_be_slow_is_not(piece: str):
    plain(piece * (400_000 // len(piece)), 1000)  # quadratic work would take minutes
