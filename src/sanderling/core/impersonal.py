"""An old answer without the person it was written to, so that it can be said to somebody else.

What belongs to that person becomes a {variable}, or goes: names, handles, addresses, numbers, links
made for one, and in answers to private messages whatever the customer had told us. Rather a blank
too many than somebody's number in another's answer. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec
import regex

from sanderling.core.privacy import Pattern, personal

NAME, HANDLE, EMAIL, NUMBER = "{name}", "{handle}", "{e-mail}", "{number}"
DATE, LINK, DETAIL = "{date}", "{link}", "{detail}"


class Whom(msgspec.Struct, frozen=True, kw_only=True):
    """Who an answer was written to. `wrote`: what they had told us in private, where it counts.
    `ours`: the handles of our own accounts, which may stay. `patterns`: how the company's own
    numbers look."""

    name: str
    handle: str
    wrote: str = ""
    ours: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()


def impersonal(text: str, whom: Whom) -> str:
    """`text` for anybody; empty where something personal could not be taken out of it."""
    said = _SIGNATURE.sub("", text.strip())
    said = _LINKS.sub(lambda found: _link(found[0]), said)
    said = _without_private(said, whom)
    said = _EMAIL.sub(EMAIL, said)
    said = _HANDLES_FIRST.sub("", said)
    said = _HANDLE.sub(lambda found: _handle(found, whom), said)
    said = _outside_blanks(said, lambda part: _without_names(part, whom))
    said = _GREETED.sub(lambda found: f"{found['hello']}{NAME}", said)
    said = _DATE.sub(DATE, said)
    said = _outside_blanks(said, lambda part: _CODE.sub(_code, _NUMBERS.sub(NUMBER, part)))
    if whom.wrote:
        said = _outside_blanks(said, lambda part: _without_details(part, whom.wrote))
    said = _SPACES.sub(" ", _AGAIN.sub(r"\1", said)).strip()
    return "" if personal(said, whom.patterns) else said


def blanks(text: str) -> list[str]:
    """The variables in `text` that somebody must still fill in."""
    return _BLANK.findall(text)


_BLANK = regex.compile(r"\{(?:name|handle|e-mail|number|date|link|detail)\}")
_AGAIN = regex.compile(r"(\{[a-z-]+\})(?:[ ,.-]{0,2}\1)+")
_SPACES = regex.compile(r"[ \t]{2,}")
_SIGNATURE = regex.compile(r"\s*[\^~][\p{L}]{1,4}$")
_LINKS = regex.compile(r"(?i)(?:https?://|www\.)\S+")
_EMAIL = regex.compile(r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+")
_HANDLE = regex.compile(r"[@＠]([\p{L}\p{N}_](?:[\p{L}\p{N}_.@-]*[\p{L}\p{N}_])?)")
_HANDLES_FIRST = regex.compile(rf"^(?:\.?{_HANDLE.pattern}[\s,:]*)+")
_DATE = regex.compile(
    r"\b\d{4}-\d\d?-\d\d?\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}[./]\d{1,2}[./](?!\d)"
)
_NUMBERS = regex.compile(
    r"\b[A-Z]{2}\d\d(?:[ -]?[A-Z0-9]){11,30}\b"
    r"|[\p{L}_#+(-]*\d(?:[\s./()•*-]{0,8}\d){3,}[\p{L}_-]*"
)
_CODE = regex.compile(r"[#+]?[\p{L}\p{N}_-]*\d[\p{L}\p{N}_-]*")
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
_TITLE = r"(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Mme|Mlle|M|Sr|Sra|Sig|Sig\.ra)\.?\s+)*"
_GREETED = regex.compile(
    r"(?P<hello>\b(?:(?i:hi|hello|hey|dear|morning|evening|afternoon|thanks|thank you|sorry|cheers"
    r"|hallo|liebe|lieber|guten (?:tag|morgen|abend)|danke|moin|servus|bonjour|salut|cher|chère"
    r"|merci|hola|gracias|estimad[oa]|ciao|salve|gentile|grazie|olá|obrigad[oa]|prezad[oa]|hej|hei"
    rf"|beste|dag)[ ,]\s*)(?:again\s+)?{_TITLE})"
    r"(?!We\b|You\b|I\b|The\b|Your\b|Our\b|It\b|This\b|That\b|For\b|There\b|Please\b|Sie\b|Wir\b)"
    r"\p{Lu}[\p{L}\p{M}'’-]+(?:\s+\p{Lu}[\p{L}\p{M}'’-]+){0,2}"
)
_SENTENCE = regex.compile(r"(?:^|[.!?…:\n]\s*)$")
_CAPITAL = regex.compile(r"\p{Lu}")
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)
_LITTLE = frozenset((
    "the", "and", "for", "with", "not", "you", "der", "die", "das", "und", "von", "van", "den",
    "les", "des", "los", "las", "del", "dos", "are", "our", "your", "all", "new", "one", "two",
    "get", "can",
))  # fmt: skip
"""Words that stand in names of companies and clubs and say nothing about anybody."""

_SHORTEST = 3
_ENDINGS = 2
"""A name may carry so many letters more, as in Jonas's or Annas."""


def _outside_blanks(text: str, change: Callable[[str], str]) -> str:
    """`text` changed, but for the variables that stand in it already."""
    parts, end = [], 0
    for blank in _BLANK.finditer(text):
        parts += [change(text[end : blank.start()]), blank[0]]
        end = blank.end()
    return "".join([*parts, change(text[end:])])


def _link(link: str) -> str:
    """A link that anybody may be given, or a blank: no questions, numbers or keys in it."""
    end = link.rstrip(".,;:!?)'\"”’")
    parts = urlsplit(end if "://" in end.lower() else f"//{end}")
    keys = regex.search(r"\d{4,}|[^/]{25,}|[A-Za-z]\d|\d[A-Za-z]", parts.path)
    plain = not (parts.query or parts.fragment or "@" in parts.netloc or keys)
    return link if plain else LINK + link[len(end) :]


def _handle(found: regex.Match[str], whom: Whom) -> str:
    said = found[1].casefold()
    if said in {ours.casefold() for ours in whom.ours}:
        return found[0]
    mine = whom.handle.casefold()
    return NAME if mine and said.partition("@")[0] == mine.partition("@")[0] else HANDLE


def _without_private(text: str, whom: Whom) -> str:
    """Without what the guards of public answers find: they know check digits and the policy."""
    for one in reversed(personal(text, whom.patterns)):
        blank = EMAIL if one.rule == "e-mail" else NUMBER
        text = text[: one.start] + blank + text[one.stop :]
    return text


def _without_names(text: str, whom: Whom) -> str:
    names = _words_of(whom)
    return _TOKEN.sub(lambda found: _name(found[0], names), text) if names else text


def _name(token: str, names: frozenset[str]) -> str:
    folded = _folded(token)
    for name in names:
        if _UNSPACED.search(name):
            if name in folded:
                return folded.replace(name, NAME)
        elif len(name) < _SHORTEST:
            if folded == name and _CAPITAL.match(token):
                return NAME
        elif folded.startswith(name) and len(folded) - len(name) <= _ENDINGS:
            return NAME
    return token


def _words_of(whom: Whom) -> frozenset[str]:
    """What a customer is called: the words of their name, their handle and its parts."""
    account = whom.handle.partition("@")[0]
    words = [*_TOKEN.findall(whom.name), account, *regex.findall(r"\p{L}{3,}", account)]
    found = {_folded(word) for word in words}
    return frozenset(word for word in found - _LITTLE if len(word) > 1)


def _folded(word: str) -> str:
    """Without case, accents and marks."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def _code(found: regex.Match[str]) -> str:
    """A number of an order, a case or a customer; not 5G, 24h or the 10:30 of a time."""
    token = found[0]
    digits = sum(c.isdigit() for c in token)
    mixed = digits < len(token) and any(c.isalpha() for c in token) and len(token) >= 5
    return NUMBER if digits >= 4 or mixed or token[0] in "#+" else token


def _without_details(text: str, wrote: str) -> str:
    """Names and numbers that the customer had told: a street, a child, a bank."""
    told = {_folded(word) for word in _TOKEN.findall(wrote)}
    named = {
        _folded(found[0])
        for found in _TOKEN.finditer(wrote)
        if _CAPITAL.match(found[0]) and not _begins(wrote, found)
    }

    def detail(found: regex.Match[str]) -> str:
        word, folded = found[0], _folded(found[0])
        if folded not in told:
            return word
        if any(c.isdigit() for c in word):
            return NUMBER
        capital = _CAPITAL.match(word) and len(word) > 1
        return DETAIL if capital and (folded in named or not _begins(text, found)) else word

    return _TOKEN.sub(detail, text)


def _begins(text: str, found: regex.Match[str]) -> bool:
    """It stands first in its sentence, where every word has a capital."""
    return _SENTENCE.search(text[max(0, found.start() - 4) : found.start()].rstrip(" ")) is not None
