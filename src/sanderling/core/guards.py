"""What speaks against an answer: objections, each with its rule, its words and what to do instead.

Pure: whoever asks gathers what is known around the answer. An objection that says `stop` cannot be
overruled; one that says `confirm` can, by the person who answers for it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec
import regex

from sanderling.core.network import Room
from sanderling.core.privacy import Pattern, Private, personal
from sanderling.core.voice import Speaker, Voice, same_handle, silence
from sanderling.core.words import many, say

__all__ = ["House", "Objection", "Pattern", "Saying", "Word", "mentions", "objections"]

MANY = 3
"""How many others may get the same words within a short time before somebody is asked."""

LONG_ENOUGH = 12
"""Characters from which the same words in two rooms are no accident."""


class Objection(msgspec.Struct, frozen=True):
    """Something that speaks against an answer: `says` it to its author, `instead` what to do.

    `start` and `stop` are characters of the text, -1 where the whole of it is meant. `instead` is
    a wording that could stand there.
    """

    rule: str
    says: str
    severity: Literal["stop", "confirm"]
    start: int = -1
    stop: int = -1
    instead: str = ""


class Word(NamedTuple):
    """What the policy does not want to be said, in `room` ("" for both); a word may end in *."""

    words: tuple[str, ...]
    says: str = ""
    room: str = ""
    instead: str = ""


class House(NamedTuple):
    """What a company says about its answers: forbidden words, numbers of its own, `known`: what of
    its own everybody may read, and `voice`: who may answer from which account."""

    words: tuple[Word, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    known: tuple[str, ...] = ()
    voice: Voice = MappingProxyType({})


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, and what is known around it.

    Handles come without @. `to` is whose post it answers, `theirs` the words of that post where it
    is the customer's own and public. `around` are handles that this conversation knows already.
    `narrower` are texts written for fewer readers: messages, notes, drafts of those. `names` are
    the words in which names would stand that this conversation knows. `same` counts other cases
    that were told just this lately. `lang` is the customer's language. The first of `ours` is the
    account that would say it, `speaker` who would.
    """

    room: Room
    text: str
    handle: str
    name: str = ""
    to: str = ""
    theirs: str = ""
    ours: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    same: int = 0
    lang: str = ""
    speaker: Speaker = Speaker()


NOBODY_SAID = House()


def objections(saying: Saying, house: House = NOBODY_SAID) -> list[Objection]:
    """Everything that speaks against an answer, what stops it first, in the order of the text."""
    looks = (
        _voice, _private, _shown_by_them, _audience, _widened, _forbidden, _empty_promises, _to_many
    )  # fmt: skip
    found = [one for look in looks for one in look(saying, house)]
    return sorted(found, key=lambda one: one.severity == "confirm")


# ── who says it ───────────────────────────────────────────────────────────────────────────────────


def _voice(saying: Saying, house: House) -> Iterator[Objection]:
    for ours in saying.ours[:1]:
        if why := silence(house.voice, ours, saying.speaker):
            yield Objection("voice", why, "stop")


# ── what is private ───────────────────────────────────────────────────────────────────────────────


def _private(saying: Saying, house: House) -> Iterator[Objection]:
    if saying.room is not Room.PUBLIC:
        return
    for one in personal(saying.text, house.patterns, house.known):
        if one.says:
            says = say("{says} Write it as a direct message, or take it out.", says=one.says)
        else:
            says = say(
                "This looks like {what}. It must not stand in public. Write it as a direct message,"
                " or take it out.",
                what=say(one.what),
            )
        yield Objection(one.rule, says, "stop", one.start, one.stop)


DELETE = {
    "de": "Bitte löschen Sie Ihren Beitrag: Darin steht etwas, das nur Sie angeht."
    " Schreiben Sie uns stattdessen eine Direktnachricht.",
    "es": "Por favor, borre su publicación: contiene datos que solo le conciernen a usted."
    " Escríbanos mejor por mensaje directo.",
    "fr": "Merci de supprimer votre message : il contient des données qui ne regardent que vous."
    " Écrivez-nous plutôt en message privé.",
    "en": "Please delete your post: it shows something that is only yours to know."
    " Send us a direct message instead.",
}
"""How to ask a customer to take their data out of the public, by language."""

_ASKS_TO_DELETE = regex.compile(
    r"\b(?:delet|remov|take (?:it|that|this|the post) down|lösch|entfern|borr|elimin|supprim|effac"
    r"|retir)",
    regex.IGNORECASE,
)


def _shown_by_them(saying: Saying, house: House) -> Iterator[Objection]:
    """The customer shows something private to everybody, and the answer would draw eyes to it."""
    if saying.room is not Room.PUBLIC or _ASKS_TO_DELETE.search(saying.text):
        return
    shown = personal(saying.theirs, house.patterns, house.known)
    if shown:
        says = say(
            "@{handle}'s own post shows {shown}, and everyone can read it. Ask them "
            "to delete it, and go on by direct message.",
            handle=saying.handle,
            shown=_all(shown),
        )
        instead = DELETE.get(saying.lang, DELETE["en"])
        yield Objection("shown by them", says, "confirm", instead=instead)


def _all(found: Sequence[Private]) -> str:
    *most, last = dict.fromkeys(say(one.what) for one in found)
    return say("{these} and {last}", these=", ".join(most), last=last) if most else last


# ── who reads it ──────────────────────────────────────────────────────────────────────────────────

_MENTION = regex.compile(r"(?<![\w@/.])@(\w[\w.-]{0,250}(?:@[\w.-]{1,250})?)")
_NAME = r"(?P<name>\p{Lu}[\p{L}\p{M}’'-]+)(?:\s+\p{Lu}[\p{L}\p{M}’'.-]+){0,2}"
_GREETING = regex.compile(
    r"^(?:@\S+\s+)*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|moin|servus"
    r"|liebe[rs]?|guten (?:morgen|tag|abend)|sehr geehrte[rs]?|hola"
    r"|buen[oa]s (?:días|tardes|noches)|buenas"
    r"|estimad[oa]|querid[oa]|bonjour|bonsoir|salut|ch[eè]re?|coucou)\s+"
    r"(?:(?:mr|mrs|ms|dr|herr|frau|señora?|sr|sra|monsieur|madame)\.?\s+)?"
    rf"(?-i:{_NAME})(?=\s*[,!.:;–—-]|\s*$|\s*\n)",
    regex.IGNORECASE,
)
_NO_NAMES = frozenset({
    "there", "everyone", "everybody", "all", "again", "team", "folks", "guys", "you", "both",
    "friend", "sir", "madam", "zusammen", "nochmal", "allerseits", "leute", "ihr", "alle",
    "customer", "kunde", "kundin", "kunden", "cliente", "client", "todos", "todas", "equipo",
    "tous", "toutes", "encore",
})  # fmt: skip


def _audience(saying: Saying, house: House) -> Iterator[Objection]:
    yield from _bystander(saying)
    yield from _strangers(saying)
    yield from _greeted(saying)


def mentions(text: str) -> list[str]:
    """The handles that a text names, without @."""
    return [match[1].rstrip(".-") for match in _MENTION.finditer(text)]


def _bystander(saying: Saying) -> Iterator[Objection]:
    if saying.room is Room.PUBLIC and saying.to and not same_handle(saying.to, saying.handle):
        says = say(
            "This answers @{to}, who only joined in. The matter is @{handle}'s.",
            to=saying.to,
            handle=saying.handle,
        )
        yield Objection("bystander", says, "confirm")


def _strangers(saying: Saying) -> Iterator[Objection]:
    known = (saying.handle, saying.to, *saying.ours, *saying.around)
    for match in _MENTION.finditer(saying.text):
        handle = match[1].rstrip(".-")
        if any(same_handle(handle, one) for one in known):
            continue
        if saying.room is Room.DIRECT:
            says = say(
                "@{handle} is not part of this. On some networks whoever is named can read it.",
                handle=handle,
            )
        else:
            says = say(
                "@{handle} is not part of this conversation, and would be told of it.",
                handle=handle,
            )
        end = match.start() + 1 + len(handle)
        yield Objection("mention", says, "confirm", match.start(), end)


def _greeted(saying: Saying) -> Iterator[Objection]:
    match = _GREETING.search(saying.text)
    if not match or not (saying.name or saying.names) or match["name"].lower() in _NO_NAMES:
        return
    known = " ".join((saying.name, saying.handle, *saying.names))
    if _plain(match["name"]) not in _plain(known):
        who = saying.name or f"@{saying.handle}"
        says = say("This greets {name}, but it goes to {who}.", name=match["name"], who=who)
        yield Objection("greeting", says, "confirm", *match.span("name"))


def _plain(text: str) -> str:
    """Letters and figures alone, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if c.isalnum())


def _widened(saying: Saying, house: House) -> Iterator[Objection]:
    said = _words(saying.text)
    for text in saying.narrower:
        narrow = _words(text)
        if len(narrow) < LONG_ENOUGH or narrow not in said:
            continue
        if saying.room is Room.PUBLIC:
            says = say("You wrote this for fewer readers. Here everyone could read it.")
        else:
            says = say("You wrote this for your team. Here the customer could read it.")
        yield Objection("widening", says, "confirm")
        return


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


# ── what it says ──────────────────────────────────────────────────────────────────────────────────


def _forbidden(saying: Saying, house: House) -> Iterator[Objection]:
    for word in house.words:
        if word.room and word.room != saying.room:
            continue
        for match in _found(word.words, saying.text):
            says = word.says or say(
                "The policy does not want “{words}” to be said.", words=match[0]
            )
            yield Objection("forbidden words", says, "stop", *match.span(), word.instead)


def _found(words: Iterable[str], text: str) -> Iterator[regex.Match[str]]:
    """Where any of `words` stands as a word of its own, whatever stands between its parts."""
    for word in words:
        parts = [regex.escape(part).replace(r"\*", r"\w*") for part in word.split()]
        if parts:
            whole = r"\s+".join(parts)
            yield from regex.finditer(rf"(?<!\w){whole}(?!\w)", text, regex.IGNORECASE)


_EMPTY = regex.compile(
    r"\b(?:"
    r"as soon as (?:possible|we can|i can)|asap|soonest|in due course"
    r"|(?:(?:we|i|someone|our team|the team)(?:['’]ll| will| shall)|we['’]re going to)"
    r" (?:get|come|be) (?:back|in touch)|will be in touch|shortly"
    r"|so ?bald wie möglich|baldmöglichst|schnellstmöglich|so schnell wie möglich|umgehend"
    r"|demnächst|in kürze|(?:wir|ich) melden? (?:uns|mich)"
    r"|lo antes posible|cuanto antes|en breve|a la brevedad|(?:nos pondremos|me pondré) en contacto"
    r"|dès que possible|le plus (?:vite|rapidement) possible|au plus vite|sous peu"
    r"|(?:nous|je) reviendr(?:ons|ai) vers|dans les (?:meilleurs|plus brefs) délais"
    r")\b",
    regex.IGNORECASE,
)
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag"
    "|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lundi|mardi"
    "|mercredi|jeudi|vendredi|samedi|dimanche"
)
_SPANS = (
    "min(?:ute|uto)?n?s?|h|hours?|days?|weeks?|stunden?|tage?n?|wochen?|horas?|días?|dias?|semanas?"
    "|heures?|jours?|semaines?|working days?|werktage?n?"
)
_WHEN = regex.compile(
    rf"\b(?:{_DAYS}|today|tonight|tomorrow|noon|midnight|heute|morgen|übermorgen|hoy|mañana"
    r"|aujourd['’]hui|ce soir|demain|end of (?:the )?(?:day|week))\b"
    rf"|\b(?:\d+|an?|one|two|three|eine[rn]?|zwei|drei|una?|dos|tres|une?|deux|trois)\s?(?:{_SPANS})\b"
    r"|\b\d{1,2}(?:[:.h]\d\d| ?(?:am|pm|uhr|h))|\b\d{1,2}[./]\d{1,2}|\b\d{4}-\d\d-\d\d"
    r"|\b(?:until|by|bis|um|before|vor|antes de|a las|avant|d['’]ici)\s+\d",
    regex.IGNORECASE,
)
_SENTENCE = regex.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?\n]*")


def _empty_promises(saying: Saying, house: House) -> Iterator[Objection]:
    """Something is promised, and the same sentence does not say until when."""
    for sentence in _SENTENCE.finditer(saying.text):
        match = _EMPTY.search(sentence[0])
        if match and not _WHEN.search(sentence[0]):
            start, stop = (sentence.start() + at for at in match.span())
            says = say(
                "“{words}” promises nothing: say until when, and the desk will remind you.",
                words=match[0],
            )
            yield Objection("empty promise", says, "confirm", start, stop)


def _to_many(saying: Saying, house: House) -> Iterator[Objection]:
    if saying.same >= MANY:
        says = many(
            "{n} other was told just this lately. Networks take the same words again and again for"
            " spam, and customers for a machine. Say it in other words.",
            "{n} others were told just this lately. Networks take the same words again and again"
            " for spam, and customers for a machine. Say it in other words.",
            saying.same,
        )
        yield Objection("same to many", says, "confirm")
