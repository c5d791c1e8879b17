"""Who lives on the practice network: the brand's accounts, and people made up from a seed."""

from __future__ import annotations

import re
import unicodedata
import zlib
from random import Random

from sanderling.networks.practice.people import HOUR
from sanderling.networks.practice.scenario import Scenario, draw
from sanderling.networks.practice.world import Character, Person

CARE = Person(
    id="1000001", handle="NorthwindCare", name="Northwind Care", lang="en", followers=48_200,
    bio="Questions about your phone, plan or bill? We are here, all day, every day.",
)  # fmt: skip
MARKETING = Person(
    id="1000002", handle="NorthwindMobile", name="Northwind Mobile", lang="en", followers=212_000,
    bio="Good signal, fair plans. For help write to @NorthwindCare.",
)  # fmt: skip
BRAND = (CARE, MARKETING)

NAMES = {
    "en": """
        Amara Okafor|Ben Whitlock|Priya Raman|Callum Reid|Chloe Marsh|Kofi Mensah|Niamh Doyle
        Omar Haddad|Grace Lim|Tom Ashby|Wanjiru Kamau|Jun Tanaka|Ella Forsyth|Rhys Bevan
        Leo Carver|Zainab Bello|Mei Chen|Isla Munro|Dele Adeyemi|Hannah Pike|Arjun Nair|Ruby Thorne
        Sione Tau|Martha Quill|Saoirse Quinn|Yusuf Karim|Beatrix Lowe|Nkechi Eze|Oscar Lindqvist
        Farah Aziz""",
    "de": """
        Jonas Weber|Anika Sommer|Fatma Yıldız|Lukas Brandt|Heike Thomsen|Mehmet Kaya|Ida Lorenz
        Björn Asmus|Katharina Vogt|Tuan Nguyen|Uwe Petersen|Milena Kovač|Franziska Huber
        Emre Demir
        Sabine Ohlsen|Paul Krüger|Swantje Jessen|Dariusz Nowak""",
    "es": """
        Inés Romero|Mateo Vargas|Lucía Herrera|Álvaro Núñez|Camila Ríos|Javier Montes|Nerea Etxe
        Diego Salas|Valentina Cruz|Iker Otero|Rosa Quispe|Pablo Iñigo|Marta Sanchís
        Tomás Aguilar""",
    "fr": "Élodie Garnier|Mamadou Diallo|Claire Fontaine|Hugo Lemaire|Nadia Benali",
    "tr": "Ayşe Doğan|Can Öztürk|Elif Şahin|Murat Aydın",
    "ar": "ليلى حداد|يوسف المصري|نور الدين|سلمى بنت علي",
}
GIVEN, FAMILY = 0, -1
TITLES = ("", "", "", "", " 🌊", " 🐕", " ☕", " 🚲", " | Port Alder")
BIOS = (
    "Tea, trains, terrible puns.", "Father of three, fan of none.", "Baker. Up at four.", "",
    "I walk dogs for a living. Best job.", "Opinions my own, dog's too.", "Nurse on nights.", "",
    "Here for the weather.", "Teaches maths, plays bass.", "Small shop, big plans.", "",
    "Port Alder born and bred.",
)  # fmt: skip
STYLES = {"plain": 62, "lowercase": 13, "emoji": 11, "hashtags": 7, "breathless": 7}
MESSAGES = {"everyone": 58, "following": 30, "nobody": 12}
# Hours of patience before asking again, how often, and how gladly they come to direct messages.
TEMPERS = {
    "patient": (5.0, 1, 0.85),
    "plain": (3.0, 2, 0.72),
    "sunny": (4.0, 1, 0.9),
    "dry": (2.5, 2, 0.5),
    "hot": (1.2, 4, 0.45),
}


def cast(name: str, scenario: Scenario, seed: int) -> list[Person]:
    """The people of a scenario: the same for the same seed, each with a name of their own."""
    rng = Random(f"{seed}:{name}:people")
    taken = {person.handle.casefold() for person in BRAND}
    return [_person(f"{name}:{seed}:{i}", scenario, rng, taken) for i in range(scenario.people)]


def _person(mark: str, scenario: Scenario, rng: Random, taken: set[str]) -> Person:
    lang = draw(scenario.languages, rng)
    names = [full.split() for full in re.split(r"\||\n", NAMES[lang]) if full.strip()]
    given, family = rng.choice(names)[GIVEN], rng.choice(names)[FAMILY]
    temper = draw(scenario.tempers, rng)
    patience, persistence, comes = TEMPERS[temper]
    return Person(
        id=str(2_000_000_000 + zlib.crc32(mark.encode())),
        handle=_handle(given, family, rng, taken),
        name=f"{given} {family}{rng.choice(TITLES)}",
        lang=lang,
        followers=min(900_000, int(rng.lognormvariate(5.2, 1.7))),
        messages=draw(MESSAGES, rng),  # type: ignore[arg-type]  # the keys are the three rules
        bio=rng.choice(BIOS),
        character=Character(
            temper=temper,
            patience=patience * HOUR * rng.uniform(0.6, 1.6),
            persistence=persistence,
            comes=comes,
            style=draw(STYLES, rng),
        ),
    )


def _handle(given: str, family: str, rng: Random, taken: set[str]) -> str:
    first, last = _plain(given) or "gull", _plain(family) or str(rng.randint(100, 999))
    year = rng.randint(60, 99)
    shapes = (first + last, f"{first}_{last}", f"{first}{year}", f"{last}_{first[:1]}")
    handle = rng.choice(shapes).lower()
    while handle.casefold() in taken:
        handle = f"{first}{last}{rng.randint(2, 9999)}".lower()
    taken.add(handle.casefold())
    return handle


def _plain(name: str) -> str:
    """The ASCII letters of a name: none where its script has none."""
    letters = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ø", "o"))
    return "".join(c for c in letters if c.isascii() and c.isalpha())
