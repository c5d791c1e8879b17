"""Links in other people's texts: where they begin and end, and where they lead in truth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.links import MOST_LINKS, host_of, links_in


def only(text: str):
    (found,) = links_in(text)
    return found


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://shop.example/a?b=1#c.", "https://shop.example/a?b=1#c"),
        ("(https://shop.example/a)", "https://shop.example/a"),
        ("https://wiki.example/Sand_(bird), or not", "https://wiki.example/Sand_(bird)"),
        ("HTTPS://Shop.Example/Aa", "https://shop.example/Aa"),
        ("“https://shop.example/…", "https://shop.example/"),
        ("https://shop.example:8443/a", "https://shop.example:8443/a"),
        ("https://shop.example/straße", "https://shop.example/stra%C3%9Fe"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
    ],
)
def test_a_link_ends_where_people_end_it_and_is_opened_as_it_stands(text, address):
    found = only(text)
    assert found.address == address
    assert not found.doubtful


@pytest.mark.parametrize(
    "text",
    ["shop.example", "javascript:alert(1)", "data:text/html,x", "ftp://shop.example/", "https://",
     "xhttps://shop.example", "https://-bad-.example/", "https://shop.example:0/",
     "https://" + "a" * 2_100 + ".example", "https://[zz]/", "https://shop.example:99999/"],
)  # fmt: skip
def test_what_is_no_whole_web_address_stays_a_word(text):
    assert [link.address for link in links_in(text)] == []


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://bank.example@evil.example/login", "evil.example"),
        ("https://bank.example:pass@evil.example/", "evil.example"),
        ("https://bank.example\\@evil.example/", "bank.example"),
        ("https://bank%2Eexample@evil.example", "evil.example"),
    ],
)
def test_a_host_that_hides_behind_another_name_is_named(text, host):
    found = only(text)
    assert found.hidden
    assert found.host == host
    assert "@" not in found.address.partition("//")[2].partition("/")[0]


def test_letters_of_their_own_are_told_by_their_plain_name():
    found = only("https://bücher.example/")
    assert (found.foreign, found.mixed, found.hidden) == (True, False, False)
    assert found.host == "xn--bcher-kva.example"
    assert only("https://xn--bcher-kva.example/").written == "bücher.example"


@pytest.mark.parametrize("host", ["pаypal.example", "раypal.example", "xn--pypal-4ve.example"])
def test_alphabets_that_are_mixed_within_a_name_are_marked(host):
    assert only(f"https://{host}/").mixed


def test_a_name_all_of_another_alphabet_is_foreign_though_not_mixed():
    found = only("https://аррӏе.com/")
    assert found.foreign
    assert not found.mixed


def test_what_japanese_writes_together_is_not_called_mixed():
    assert not only("https://東京タワーへ.example/").mixed


def test_a_host_in_other_dots_is_the_same_host():
    assert only("https://shop。example/a").host == "shop.example"


def test_no_more_links_than_anybody_reads():
    assert len(list(links_in("https://a.example/ " * 200))) == MOST_LINKS


@given(st.text() | st.from_regex(r"https?://[\x20-\x7e\u0400-\u04ff@\\]{0,40}"))
def test_any_text_gives_links_in_order_that_are_ascii_and_on_the_web(text):
    at = 0
    for link in links_in(text):
        assert at <= link.start < link.end <= len(text)
        assert link.address.isascii()
        assert link.address.startswith(("https://", "http://"))
        assert host_of(link.address) == link.host
        at = link.end
