import pytest

from sanderling.core.query import Matcher, Query, Subject, holds, parse
from sanderling.core.query.tree import And, Is, Mention, Node, Not, Or, Word


def fits(query, **facts):
    """Whether the post fits, asked both ways."""
    subject = Subject(**{"text": "", **facts})
    plainly = holds(parse(query), subject)
    # Neighbours on the page and among the columns must not change the answer.
    page = [Subject(text="Before\n#other"), subject, Subject(text="and after 😡")]
    columns = {3: parse("neighbour"), 7: parse(query), 9: parse("lang:xx")}
    assert (7 in Matcher(columns).match(page)[1]) == plainly
    return plainly


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("outage", "Outage!"),
        ("outage", "again an OUTAGE..."),
        ("outage", "#outage"),
        ("northwind", "thanks @Northwind"),
        ("cafe", "Café"),
        ("café", "CAFE\u0301 noir"),
        ("strasse", "Hauptstr. / Straße"),
        ("İstanbul", "ISTANBUL istanbul"),
        ("ısparta", "ISPARTA"),
        ("office", "oﬃce"),
        ("lodz", "Łódź"),
        ("ёлка", "елка"),
        ("ΟΔΟΣ", "οδός"),
        ("abc", "ＡＢＣ"),
        ("northwind", "Northwind™ is down"),
        ("north\u200bwind", "northwind"),
        ("wi-fi", "my Wi Fi"),
        ("don't", "I don’t"),
        ('"coca cola"', "Coca-Cola"),
        ('"no service"', "no   service"),
        ('"no service"', "no,\n\tservice"),
        ('"no service"', "no #service"),
        ("注文", "昨日注文しました"),
        ("届かない", "商品が届かない！"),
        ("배송", "배송이 늦어요"),
        ("배송", "\u1107\u1162\u1109\u1169\u11bc"),
        ("ガス", "ｶﾞｽ"),
        ("😡", "no signal😡😡"),
        ("❤️", "❤"),
        ("👏", "👏🏽"),
        ("\U0001fae8", "so\U0001fae8loud"),  # younger than the Unicode of Python 3.11
        ("\uf8ff", "my \uf8ff phone"),  # a private sign: the apple of one maker
        ("#outage", "#Outage,"),
        ("#outage", "＃outage"),
        ("#配送", "#配送 まだ"),
        ("#café", "(#CAFE)"),
        ("-quiet loud", "loud"),
        ("a OR b", "b"),
        ("x (a OR b) -c", "x b"),
    ],
)
def test_a_post_fits(query, text):
    assert fits(query, text=text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("outage", "outages"),
        ("outage", "routage"),
        ("outage", "outage_"),
        ("outage", "outageé"),
        ("outage", "éoutage"),
        ("он", "онa он_"),
        ("и", "й"),
        ("パス", "バス"),
        ("हिनदी", "हिन्दी"),
        ("a OR (b long)", "long"),
        ('"no service"', "service no"),
        ('"no service"', "no good service"),
        ('"no service"', "nos ervice"),
        ("#outage", "outage"),
        ("#outage", "# outage"),
        ("#outage", "#outages"),
        ("#outage", "post#outage"),
        ("#配送", "#配送遅延"),
        ("@northwind", "@northwind as mere text"),
        ("-quiet loud", "loud quiet"),
        ("x (a OR b) -c", "x b c"),
        ("x (a OR b) -c", "a b"),
    ],
)
def test_a_post_does_not_fit(query, text):
    assert not fits(query, text=text)


@pytest.mark.parametrize(
    ("query", "yes", "no"),
    [
        ("@northwind", {"mentions": ("ada", "NorthWind")}, {"mentions": ("northwindcare",)}),
        ("from:ada", {"handle": "Ada"}, {"handle": "ada2"}),
        ("to:ada", {"reply_to": "ADA"}, {"reply_to": None}),
        ("account:care", {"account": "Care"}, {"account": "shop"}),
        ("network:x", {"network": "x"}, {"network": "mastodon"}),
        ("lang:pt", {"lang": "pt-BR"}, {"lang": None}),
        ("has:media", {"has_media": True}, {}),
        ("has:links", {"links": ("https://a.example",)}, {}),
        ("is:reply", {"is_reply": True}, {}),
        ("is:repost", {"is_repost": True}, {}),
        ("is:quote", {"is_quote": True}, {}),
        ("is:dm", {"is_dm": True}, {}),
        ("min_followers:1000", {"followers": 1000}, {"followers": 999}),
        ("min_followers:1", {"followers": 1}, {"followers": None}),
        ("lang:de min_followers:9", {"lang": "de", "followers": 9}, {"lang": "de"}),
        (
            "url:northwind.example/help",
            {"links": ("https://www.Northwind.example/help?x=1",)},
            {"links": ("https://northwind.example/helpdesk",), "text": "northwind example help"},
        ),
    ],
)
def test_an_operator_asks_its_own_fact(query, yes, no):
    assert fits(query, **yes)
    assert not fits(query, **no)


def test_columns_come_ascending_and_once_however_often_they_hit():
    columns = [(9, parse("a OR b")), (2, parse("a")), (5, parse('"a a"')), (7, parse("-x a"))]
    assert Matcher(columns).match([Subject(text="a b a a"), Subject(text="")]) == [[2, 5, 7, 9], []]


def test_nothing_to_match_gives_nothing():
    assert Matcher({}).match([Subject(text="a")]) == [[]]
    assert Matcher({1: parse("a")}).match([]) == []


class Noting(Node, frozen=True):
    """A condition that notes which posts it was read for."""

    read: list[str]

    def holds(self, post):
        self.read.append(post.subject.text)
        return True


@pytest.mark.parametrize(
    "key",
    ["rarest", '"so rare"', "#rare", "from:rare", "@rare", "to:rare", "lang:ra", "network:rare"],
)
def test_a_column_is_read_only_for_posts_that_have_its_key(key):
    noting = Noting([])
    column = Query(And((noting, parse(key).root, Not(Word("x")))))
    several = Query(And((noting, Is("reply"), Or((parse(key).root, Word("alsorare"))))))
    names = {"handle": "rare", "mentions": ("rare",), "reply_to": "rare"}
    has_it = Subject(
        text="so rare #rare, rarest", is_reply=True, lang="ra", network="rare", **names
    )
    has_not = Subject(text="rarely alsoraree", is_reply=True, lang="en", handle="ben")
    assert Matcher({4: column, 5: several}).match([has_not, has_it, has_not]) == [[], [4, 5], []]
    assert noting.read == [has_it.text] * 2


def test_of_several_keys_the_rarest_is_taken():
    noting = Noting([])
    column = Query(And((noting, Mention("northwind"), Word("at"), Word("interruption"))))
    crowd = Subject(text="look at northwind", mentions=("northwind",))
    Matcher({1: column}).match([crowd, crowd])
    assert noting.read == []
