import pytest

from sanderling.core.query import QueryError, parse, say
from sanderling.core.query.parse import MAX_DEPTH, MAX_LENGTH
from sanderling.core.query.tree import (
    Account,
    And,
    From,
    Has,
    Is,
    Lang,
    Mention,
    MinFollowers,
    Not,
    OnNetwork,
    Or,
    Phrase,
    Tag,
    To,
    Url,
    Word,
)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("outage", Word("outage")),
        ('"northwind mobile"', Phrase("northwind mobile")),
        ("“northwind mobile”", Phrase("northwind mobile")),
        ("#outage", Tag("outage")),
        ("@ada.example.com", Mention("ada.example.com")),
        ("from:ada", From("ada")),
        ("FROM:@ada", From("ada")),
        ("to:ada", To("ada")),
        ("account:northwindcare", Account("northwindcare")),
        ("network:bluesky", OnNetwork("bluesky")),
        ("lang:de", Lang("de")),
        ("has:media", Has("media")),
        ("is:dm", Is("dm")),
        ("min_followers:1000", MinFollowers(1000)),
        ("url:https://northwind.example/help", Url("https://northwind.example/help")),
        ('url:"a (b)"', Url("a (b)")),
        ("wi-fi", Word("wi-fi")),
        ("10:30", Word("10:30")),
        ("😡", Word("😡")),
        ("a b", And((Word("a"), Word("b")))),
        ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c")))),
        ("a (b (c d))", And((Word("a"), Word("b"), Word("c"), Word("d")))),
        ("a -b", And((Word("a"), Not(Word("b"))))),
        ("a -(b OR c)", And((Word("a"), Not(Or((Word("b"), Word("c"))))))),
        ("a or b", And((Word("a"), Word("or"), Word("b")))),
    ],
)
def test_a_query_becomes_the_tree_that_its_syntax_promises(text, tree):
    assert parse(text).root == tree


@pytest.mark.parametrize(
    ("text", "at", "length", "says"),
    [
        ("", 0, 0, "empty"),
        ("   ", 3, 0, "empty"),
        ("a (b", 2, 1, "never closed"),
        ("a) b", 1, 1, "closes nothing"),
        ("a ()", 2, 2, "group is empty"),
        ("OR a", 0, 2, "both sides"),
        ("a OR OR b", 5, 2, "both sides"),
        ("a OR", 4, 0, "missing"),
        ("(a OR) b", 5, 1, "missing"),
        ("a AND b", 2, 3, "leave AND out"),
        ("a NOT b", 2, 3, "write - right before"),
        ("a -", 2, 1, "nothing to leave out"),
        ("a - b", 2, 1, "nothing to leave out"),
        ("a --b", 2, 1, "nothing to leave out"),
        ("-a", 0, 2, "only says what to leave out"),
        ("a OR -b", 0, 7, "only says what to leave out"),
        ('say "hello', 4, 1, "never closed"),
        ("frm:ada", 0, 4, "Did you mean from:?"),
        ("zzzzz:ada", 0, 6, "There are from, to"),
        ("https://northwind.example", 0, 6, "url:"),
        ("a from: ada", 2, 5, "right behind it"),
        ("from:a$b", 0, 8, "handle"),
        ("@", 0, 1, "handle"),
        ("#", 0, 1, "tag"),
        ("#wi-fi", 0, 6, "tag"),
        ("lang:german", 0, 11, "two or three letters"),
        ("is:retweet", 0, 10, "is:quote or is:dm"),
        ("has:sound", 0, 9, "has:media or has:links"),
        ("min_followers:many", 0, 18, "number"),
        ("min_followers:٣", 0, 15, "number"),
        ("a & b", 2, 1, "no letter, digit or emoji"),
        ("x" * (MAX_LENGTH + 5), MAX_LENGTH, 5, "4,096"),
        ("(" * 40 + "a" + ")" * 40, MAX_DEPTH, 1, "flatter"),
    ],
)
def test_an_error_points_at_its_place_and_says_what_to_do(text, at, length, says):
    with pytest.raises(QueryError) as raised:
        parse(text)
    error = raised.value
    assert (error.at, error.length) == (at, length)
    assert says in error.message


def test_an_error_as_text_has_carets_under_the_place():
    with pytest.raises(QueryError) as raised:
        parse("northwind frm:ada")
    assert str(raised.value).splitlines()[1:] == ["  northwind frm:ada", "            ^^^^"]


def test_an_error_in_a_long_or_unprintable_query_stays_short_and_on_its_lines():
    with pytest.raises(QueryError) as raised:
        parse("word\n" * 500 + "\x1b[31m 注文 (")
    lines = str(raised.value).splitlines()
    assert len(lines) == 3
    assert lines[1].isprintable()
    assert max(map(len, lines[1:])) <= 82


def test_groups_are_allowed_as_deep_as_promised():
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("((a)) OR (b c)", "a OR b c"),
        ("(a OR b) (c)", "(a OR b) c"),
        ("a -(-b)", "a -(-b)"),
        ("a -(b c) From:@Ada", "a -(b c) from:Ada"),
        ('url:"a (b)" “Müller’s”', 'url:"a (b)" "Müller’s"'),
    ],
)
def test_a_query_is_said_without_needless_parentheses_and_as_it_was_spelt(text, said):
    assert say(parse(text)) == said
