"""In which language a page speaks, and the catalogues it speaks from.

The language is what the agent chose, else what their browser asks for, else English. Catalogues are
`locale/<language>.po`, read once when somebody first needs them; nothing is compiled.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import regex
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_GET

from sanderling.core.words import speaking

FOLDER = Path(__file__).parents[1] / "locale"
COOKIE = "language"
LONGEST_RETOLD = 1000
PLACE = regex.compile(r"\{(\w+)\}")
_FILLED = {"n": r"[0-9][0-9,.]*"}
"""What stands in a place of this name: `n` is a figure, or "{n}d" would be found in any word."""
LETTER = regex.compile(r"\p{L}")
_COUNTED = (*range(201), 1_000, 1_000_000)
"""Enough numbers to see which form of a word belongs to which class of numbers."""


class Spoken:
    """A catalogue: see core.words. Raises what read_po does for a file that is no catalogue."""

    def __init__(self, language: str, folder: Path = FOLDER) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        with (folder / f"{language}.po").open("rb") as file:
            self._catalog = read_po(file, locale=language, abort_invalid=True)
        self._words = _readable(self._catalog)

    def say(self, sentence: str, /) -> str:
        """The sentence in this language."""
        return str(self._words.gettext(sentence)) if sentence else ""

    def many(self, one: str, more: str, n: int, /) -> str:
        """The form that fits `n` things."""
        return str(self._words.ngettext(one, more, n))

    def figure(self, n: int, /) -> str:
        """1.412, 1 412."""
        return str(format_decimal(n, locale=self.locale))

    def retold(self, text: str, /) -> str:
        """A sentence that was filled in English, or several on a line each."""
        if len(text) > LONGEST_RETOLD:
            return text
        found = "\n".join(self._retold(line) for line in text.split("\n"))
        return found if found != text else self._retold(text)

    @cached_property
    def scripts(self) -> dict[str, Any]:
        """What the scripts of a page say, and which form of a word fits which class of numbers."""
        said = [message for message in self._messages() if _by_script(message)]
        return {
            "words": {_first(m): m.string for m in said if all(_forms(m))},
            "forms": {self.locale.plural_form(n): self._form(n) for n in _COUNTED},
        }

    @cached_property
    def version(self) -> str:
        """Changes when what the scripts say does."""
        return hashlib.sha256(repr(self.scripts).encode()).hexdigest()[:12]

    def _form(self, n: int) -> int:
        plural: Callable[[int], int] = self._words.plural
        return plural(n)

    def _messages(self) -> Iterable[Message]:
        return (message for message in self._catalog if message.id)

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[regex.Pattern[str], str]]]:
        """Sentences with places, by the word they begin with, the longest first; one without a
        letter of its own, like {name}: {note}, would be found in whatever people write."""
        found = defaultdict(list)
        for message in sorted(self._messages(), key=lambda m: -len(_first(m))):
            for english, there in _pairs(message):
                if PLACE.search(english) and LETTER.search(PLACE.sub("", english)):
                    found[_begins(english)].append((_pattern(english), there))
        return found

    @lru_cache(maxsize=4096)  # noqa: B019  a catalogue lives as long as the process
    def _retold(self, text: str) -> str:
        if (found := self.say(text)) != text:
            return found
        for word in (_begins(text), ""):
            for pattern, there in self._patterns.get(word, ()):
                if match := pattern.fullmatch(text):
                    values = {name: self._retold(v) for name, v in match.groupdict().items()}
                    return there.format(**values)
        return text


@lru_cache(maxsize=16)
def catalogue(language: str) -> Spoken | None:
    """The catalogue of a language, read once; None for English and for what the desk does not
    speak."""
    return Spoken(language) if language in spoken() and language != "en" else None


@lru_cache(maxsize=1)
def spoken() -> dict[str, str]:
    """The languages that the desk speaks, by their own names; English always, and first."""
    codes = ("en", *sorted(path.stem for path in FOLDER.glob("*.po")))
    return {code: str(Locale.parse(code).get_display_name(code)).capitalize() for code in codes}


def direction(language: str) -> str:
    """ltr or rtl."""
    try:
        return str(Locale.parse(language).text_direction)
    except (ValueError, UnknownLocaleError):
        return "ltr"


def wanted(request: HttpRequest) -> str:
    """The language in which to answer: the agent's, their browser's, or English."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in spoken() else of_browser(request)


def of_browser(request: HttpRequest) -> str:
    """The first language that the browser asks for and the desk speaks, or English."""
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200])
    bases = (code.partition("-")[0] for code, _ in asked)
    return next((base for base in bases if base in spoken()), "en")


def in_their_language(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: whatever a request makes us say is said in the language of who asks."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with speaking(catalogue(wanted(request))):
            return get_response(request)

    return answer


@require_GET
def words(request: HttpRequest, language: str, version: str) -> JsonResponse:
    """What the scripts say in a language; it never changes under its address."""
    found = catalogue(language)
    if found is None or found.version != version:
        raise Http404("These words are not spoken here any more.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return JsonResponse(found.scripts, headers=headers)


def address(language: str) -> str:
    """Where the scripts of a page find their words; nowhere for English."""
    found = catalogue(language)
    return f"/words/{language}/{found.version}/" if found else ""


def _readable(catalog: Catalog) -> Translations:
    """The same as the standard library reads it, which knows every rule for plurals."""
    file = BytesIO()
    write_mo(file, catalog)
    file.seek(0)
    return Translations(file)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _by_script(message: Message) -> bool:
    return any(place.endswith(".js") for place, _ in message.locations)


def _forms(message: Message) -> Sequence[str]:
    found = message.string or ""
    return (found,) if isinstance(found, str) else found


def _pairs(message: Message) -> list[tuple[str, str]]:
    """What may stand written down, and what it is here; of several forms the last is the widest."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))] if message.string else []
    one, more = message.id
    forms = [form for form in _forms(message) if form]
    return [(one, forms[0]), (more, forms[-1])] if forms else []


def _begins(text: str) -> str:
    """The first word, where no value is part of it."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    return "" if "{" in word else word


def _pattern(english: str) -> regex.Pattern[str]:
    """What the sentence looks like with its values filled in; a name twice is the same value."""
    parts, seen = [], set()
    for at, part in enumerate(PLACE.split(english)):
        if at % 2 == 0:
            parts.append(regex.escape(part))
        else:
            parts.append(
                f"(?P={part})" if part in seen else f"(?P<{part}>{_FILLED.get(part, '.+?')})"
            )
            seen.add(part)
    return regex.compile("".join(parts), regex.DOTALL)
