"""What people write, in their language: texts with slots that do not repeat early."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

from sanderling.networks.practice.cast import CARE
from sanderling.networks.practice.world import Person

FOLDER = Path(__file__).parent / "texts"
MOODS = ("mild", "mild", "cross", "furious")
PLANS = ("Flex", "Flex 20", "Family Plus", "Business Flex", "Simple S", "Student Flex")
PHONES = ("Pebble 9", "Pebble 9 Pro", "Pebble 8", "Heron X", "Tern Mini")
PLACES = (
    "Port Alder", "Westmere", "Quay Street", "Harbour", "Millbrook", "Eastcliff", "Saltmarsh",
    "North Pier", "Alder Heath", "Fenwick", "Old Ferry", "Lindholm",
)  # fmt: skip
AMOUNTS = ("€14.90", "€23.50", "€39.99", "€61.20", "€8.75", "€119.00", "€47.30")
EMOJI = ("🙄", "😅", "😤", "🤷", "📵", "😩", "🙃", "☎️")
Table = dict[str, list[str]]


@cache
def texts(lang: str) -> Table:
    """Every list of one language's texts under its dotted name, like `complain.bill.mild`."""
    return dict(_flat(tomllib.loads((FOLDER / f"{lang}.toml").read_text("utf-8"))))


def languages() -> list[str]:
    """The languages that people of the practice network write in."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def _flat(table: dict[str, object], prefix: str = "") -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            found.append((prefix + name, value))
    return found


def line_for(lang: str, act: str, topic: str, mood: int) -> str:
    """The name of the list that fits best: the topic's own before one for any topic."""
    known = texts(lang)
    feeling = MOODS[mood]
    for name in (
        f"{act}.{topic}.{feeling}", f"{act}.{topic}", f"{act}.{topic}.mild", f"{act}.{feeling}",
        f"{act}.any",
    ):  # fmt: skip
        if name in known:
            return name
    raise KeyError(f"no text in {lang} for {act} about {topic or 'nothing'}")


class Book:
    """Picks texts: of one list each in its turn, in an order that the seed shuffles."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.used: Counter[str] = Counter()

    def pick(self, lang: str, line: str) -> str:
        """The next text of the list called `line`, which whoever used it notes in `used`."""
        choices = texts(lang)[line]
        turn, place = divmod(self.used[f"{lang}.{line}"], len(choices))
        order = Random(f"{self.seed}:{lang}:{line}:{turn}").sample(choices, len(choices))
        return order[place]


def slots(person: Person, number: int, topic: str, place: str = "") -> dict[str, str]:
    """What fills the gaps in a person's `number`-th matter: always the same while it lasts."""
    rng = Random(f"{person.id}:{number}")
    own = texts(person.lang)
    anywhere = rng.choice(PLACES)
    return {
        "us": f"@{CARE.handle}",
        "place": place or anywhere,
        "plan": rng.choice(PLANS),
        "phone": rng.choice(PHONES[:2] if topic == "launch" else PHONES),
        "amount": rng.choice(AMOUNTS),
        "hours": str(rng.randint(2, 7)),
        "days": str(rng.randint(3, 16)),
        "time": f"{rng.randint(6, 21)}:{rng.choice(('00', '10', '20', '30', '45'))}",
        "order": f"NW-{rng.randint(100000, 999999)}",
        "number": f"0700 555 0{rng.randint(100, 999)}",
        "mail": f"{person.handle.lower()}@mail.example",
        "name": " ".join(person.name.split()[:2]),
        "month": rng.choice(own["slots.month"]),
        "country": rng.choice(own["slots.country"]),
        "day": rng.choice(own["slots.day"]),
        "span": rng.choice(own["slots.span"]),
    }


def styled(text: str, style: str, rng: Random) -> str:
    """`text` as this person would type it: some use no capitals, some no post without emoji."""
    if style == "lowercase":
        words = text.rstrip(".").split(" ")
        text = " ".join(w if w.startswith(("@", "http", "#")) else w.lower() for w in words)
    if style == "emoji" and rng.random() < 0.6:
        text = f"{text} {rng.choice(EMOJI)}"
    if style == "hashtags" and rng.random() < 0.6:
        text = f"{text} #northwind"
    if style == "breathless":
        text = text.replace(". ", "... ").replace("? ", "?? ")
    return text


def slipped(text: str, rng: Random) -> str:
    """`text` with one slip of the fingers in it, or as it was if no word is long enough."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if word.isalpha() and len(word) > 5]
    if not long:
        return text
    at = rng.choice(long)
    word = words[at]
    cut = rng.randint(2, len(word) - 3)
    words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)
