"""The text of a status out of its HTML, whoever wrote it."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.networks.mastodon.html import LONGEST_HTML, plain

JO = {"https://b.example/@jo": "jo@b.example"}
MENTION = (
    '<span class="h-card"><a href="https://b.example/@jo" class="u-url mention">'
    "@<span>jo</span></a></span>"
)
CUT_LINK = (
    '<a href="https://www.shop.example/a/very/long/way/to/go?x=1&amp;y=2" rel="nofollow">'
    '<span class="invisible">https://www.</span>'
    '<span class="ellipsis">shop.example/a/very/long</span>'
    '<span class="invisible">/way/to/go?x=1&amp;y=2</span></a>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<br />two<br>three</p>", "one\ntwo\nthree"),
        (f"<p>{MENTION} thank you</p>", "@jo@b.example thank you"),
        (f"<p>see {CUT_LINK}.</p>", "see https://www.shop.example/a/very/long/way/to/go?x=1&y=2."),
        ('<p><a href="https://a.example/tags/Bug" class="hashtag">#<span>Bug</span></a></p>',
         "#Bug"),
        ('<p>our <a href="https://help.example/">help page</a></p>',
         "our help page (https://help.example/)"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", "a <b> &amp; c"),
        ("<ul><li>one</li><li>two</li></ul>", "• one\n\n• two"),
        ("<p>seen<script>alert(1)</script> unseen<style>p{}</style></p>", "seen unseen"),
        ("plain\n  text", "plain text"),
        ('<p><a href="https://x.example/">https://x.example', "https://x.example/"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_person_reads_the_same(html: str, text: str) -> None:
    assert plain(html, JO)[0] == text


def test_links_are_whole_and_without_mentions_and_hashtags() -> None:
    _, links = plain(f"<p>{MENTION} {CUT_LINK} {CUT_LINK}</p>", JO)
    assert links == ("https://www.shop.example/a/very/long/way/to/go?x=1&y=2",)


PIECES = st.sampled_from([
    "<p>", "</p>", "<br/>", "<a href='https://x.example/", "'>", "</a>", "<![CDATA[", "<![if",
    "<!--", "-->", "<script>", "</script>", "&#", "&#x110000;", "&lt", "<", ">", "<li", "\0", "<?",
    "]]>", "<a/>", MENTION, CUT_LINK,
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5)))
def test_anything_gives_some_text_that_is_not_longer(pieces: list[str]) -> None:
    html = "".join(pieces)
    text, links = plain(html, JO)
    assert len(text) <= 4 * len(html) + 10
    assert all(link.startswith(("https://", "http://")) for link in links)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"])))
def test_what_was_escaped_is_read_as_it_was_written_and_is_no_markup(written: str) -> None:
    assert plain(f"<p><b>{escape(written)}</b></p>")[0] == written
    assert plain(f"<i>{escape(f'<b>{written}</b>')}</i>")[0] == f"<b>{written}</b>"


@given(st.text("abc &;", max_size=30))
def test_elements_never_show(written: str) -> None:
    text, _ = plain(f"<p class='x'>{escape(written)}</p><br><hr><em>x</em>")
    assert "<" not in text
    assert ">" not in text


def test_only_so_much_is_read() -> None:
    assert len(plain("x" * 10 * LONGEST_HTML)[0]) == LONGEST_HTML
    assert plain("<p>" * (LONGEST_HTML // 3))[0] == ""
