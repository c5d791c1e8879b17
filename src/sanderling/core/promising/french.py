"""How French promises."""

from __future__ import annotations

import regex

from sanderling.core.promising.language import Language, names_of

_NUMBERS = {
    "0.5": "une\\s+demi(?:e)?(?:-|\\s)?", "1": "une?", "2": "deux", "3": "trois", "4": "quatre",
    "5": "cinq",
    "6": "six", "7": "sept", "8": "huit", "9": "neuf", "10": "dix", "12": "douze",
    "24": "vingt-quatre", "48": "quarante-huit",
}  # fmt: skip
_UNITS = {
    "minute": "min(?:utes?)?", "hour": "heures?|h", "working day": "jours?\\s+ouvr(?:é|able)s?",
    "day": "jours?|journées?", "week": "semaines?", "month": "mois",
}  # fmt: skip
_WEEKDAYS = names_of("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = names_of(
    "janv(?:ier)?", "févr?(?:ier)?", "mars", "avr(?:il)?", "mai", "juin", "juil(?:let)?", "août",
    "sept(?:embre)?", "oct(?:obre)?", "nov(?:embre)?", "déc(?:embre)?",
)  # fmt: skip
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS.values())})"
_N2 = r"(?:\s*(?:-|–|à|ou)\s*(?P<n2>\d{1,3}))?"
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS.values(), key=len, reverse=True))})\b"
_DOES = (
    "(?:répond|rappell?|appell?|contact|envoy|envoi|écriv|écri|rembours|recontact|inform|préven|prévien|tien"
    "|ten|expédi|livr|confirm|recevon|revien|reven|regard|vérifi)(?:ons|e|s|ds|ds)"
)
_LITTLE = r"(?:(?:vous|te|t['’]|le|la|les|l['’]|lui|leur|y|en|nous|me|m['’])\s*)*"

FRENCH = Language(
    name="fr",
    frames=regex.compile(
        rf"\bnous\s+{_LITTLE}(?!fermerons|ouvrirons|serons\s+(?:fermés?|absents?"
        rf"|ouverts?))\p{{L}}+rons\b"
        rf"|\b(?:je\s+|j['’]){_LITTLE}(?!serai\s+(?:absente?|en\s+congé))\p{{L}}+rai\b"
        rf"|\b(?:il|elle|on|ça|cela|\p{{L}}{{3,}})\s+{_LITTLE}(?:(?:sera"
        rf"|seront)(?!\s+(?:fermée?|ouverte?|absente?))"
        r"|arrivera|arriveront|aura|rappellera|contactera|répondra|recontactera|écrira"
        r"|reviendra|partira"
        r"|expédiera|remboursera|enverra|livrera|passera|appellera)\b"
        r"|\b(?:vous|tu)\s+(?:recevrez|aurez|recevras|auras|saurez|sauras|serez|seras)\b"
        r"|\b(?:nous\s+allons|je\s+vais|on\s+va|va|vont)\s+(?!devoir|fermer|ouvrir)"
        rf"{_LITTLE}\p{{L}}+(?:er|ir|re|oir)\b"
        rf"|\b(?:nous|je|on)\s+{_LITTLE}{_DOES}\b|\bnous\s+revenons\s+vers\b"
        rf"|\bje\s+reviens\s+vers\b"
        r"|\bnous\s+(?:promettons|espérons|comptons|nous\s+engageons)\b|\bje\s+(?:promets|compte)\b"
        r"|\bcomptez\s+sur\s+nous\b"
    ),
    breaks=regex.compile(
        r"\b(?:ne|pas|jamais|était|étaient|avait|avez|fut|depuis|parce|jusque|après|si|quand"
        r"|pourquoi|sauf"
        r"|devez|devrez|commandé|reçu|arrivé)\b|\b(?:n|jusqu|s)['’]"
    ),
    not_after=regex.compile(
        r"(?:\b(?:depuis|après|dès|chaque|tous|à\s+partir\s+de|à\s+compter\s+de|du"
        r"|de)\s+(?:le\s+|la\s+|les\s+)?"
        r"|\bjusqu['’](?:à|au)\s*)$"
    ),
    patterns=(
        ("span", r"\b(?:dans\s+un\s+délai\s+(?:maximum\s+)?de|dans|sous|d['’]ici|en)\s+"
                 r"(?:les\s+|environ\s+|moins\s+de\s+|maximum\s+)?(?:prochaine?s\s+)?"
                 rf"{_N}{_N2}\s*(?:prochaine?s\s+)?{_UNIT}"),
        ("today", r"\baujourd['’]hui\b|\b(?:la\s+)?fin\s+de\s+(?:la\s+)?journée\b"
                  r"|\bdans\s+la\s+journée\b"),
        ("tonight", r"\bce\s+soir\b|\bdans\s+la\s+soirée\b"),
        ("this morning", r"\bce\s+matin\b|\bdans\s+la\s+matinée\b"),
        ("midnight", r"\bminuit\b"),
        ("tomorrow", r"(?<!après-)(?<!après )\bdemain\b"),
        ("day after", r"\baprès[- ]demain\b"),
        ("weekend", r"\b(?:ce|le)\s+week-?end\b"),
        ("this week", r"\bcette\s+semaine\b|\b(?:la\s+)?fin\s+de\s+(?:la\s+)?semaine\b"
                      r"|\bdans\s+la\s+semaine\b"),
        ("next week", r"\b(?:la\s+)?semaine\s+(?:prochaine|suivante)\b"),
        ("this month", r"\b(?:la\s+)?fin\s+du\s+mois\b|\bce\s+mois(?:-ci)?\b"),
        ("next month", r"\b(?:le\s+)?mois\s+prochain\b"),
        ("weekday", rf"\b(?P<wd>{'|'.join(_WEEKDAYS.values())})\b(?!\s+(?:dernier|passé))(?:"
                    rf"\s+prochain)?"
                    r"(?P<weeks>\s+de\s+la\s+semaine\s+prochaine)?"),
        ("date", rf"(?<!\d)(?P<day>1er|\d{{1,2}})\s+(?P<mon>{'|'.join(_MONTHS.values())})\b\.?"
                 r"(?:\s+(?P<year>20\d\d))?"),
        ("date", r"\b(?:avant\s+le|le|d['’]ici\s+le)\s+(?P<day>1er|\d{1,2})\b(?!"
                 r"\s*(?:\p{L}|[\d/.:]))"),
        ("hour", r"\b(?:à|avant|vers|d['’]ici)\s+(?P<h>[01]?\d|2[0-3])\s*(?:h|heures?)"
                 r"\s*(?P<m>[0-5]\d)?\b"),
        ("part", r"\b(?:cet\s+|dans\s+l['’]|l['’]|en\s+)?(?P<part>après-midi)\b"),
        ("part", r"\b(?:au\s+|le\s+|en\s+)?(?P<part>matin|matinée|soir|soirée|midi)\b"),
    ),
    names={
        "n": _NUMBERS, "unit": _UNITS, "mon": _MONTHS, "wd": _WEEKDAYS, "day": {"1": "1er"},
        "part": {
            "morning": "matin(?:ée)?", "noon": "midi", "afternoon": "après-midi",
            "evening": "soir(?:ée)?",
        },
    },
)  # fmt: skip
