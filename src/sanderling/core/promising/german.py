"""How German promises."""

from __future__ import annotations

import regex

from sanderling.core.promising.language import Language, names_of

_NUMBERS = {
    "0.5": "(?:einer\\s+)?halben", "1": "ein(?:e[mnrs]?)?", "2": "zwei(?:er)?|ein\\s+paar",
    "3": "drei",
    "4": "vier", "5": "fünf", "6": "sechs", "7": "sieben", "8": "acht", "9": "neun", "10": "zehn",
    "12": "zwölf", "24": "vierundzwanzig", "48": "achtundvierzig",
}  # fmt: skip
_UNITS = {
    "minute": "min(?:uten?)?", "hour": "stunden?|std\\.?|h",
    "working day": "(?:werk|arbeits)tag(?:en?|s)?",
    "day": "tag(?:en?|s)?", "week": "wochen?", "month": "monat(?:en?|s)?",
}  # fmt: skip
_WEEKDAYS = names_of(
    "montag|mo", "dienstag|di", "mittwoch|mi", "donnerstag|do", "freitag|fr",
    "samstag|sonnabend|sa", "sonntag|so",
)  # fmt: skip
_LONG = "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag"
_MONTHS = names_of(
    "jan(?:uar)?|jänner", "feb(?:ruar)?", "märz", "apr(?:il)?", "mai", "juni?", "juli?",
    "aug(?:ust)?", "sept?(?:ember)?", "okt(?:ober)?", "nov(?:ember)?", "dez(?:ember)?",
)  # fmt: skip
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS.values())})"
_N2 = r"(?:\s*(?:-|–|bis|oder)\s*(?P<n2>\d{1,3}))?"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS.values())})\b"
_DOES = (
    "(?:meld|antwort|schick|send|ruf|kümmer|prüf|schau|klär|erstatt|überweis|liefer|geb|informier"
    "|schreib|komm|bring|lös|beheb|erledig|versprech|leit|stornier|buch|veranlass|reich|tausch"
    "|ersetz|hol|mach|versuch|bemüh|unterricht|benachrichtig|kontaktier|bearbeit|halt|reparier)"
    "(?:e?n|e)"
)

GERMAN = Language(
    name="de",
    frames=regex.compile(
        rf"\b(?:wir|ich)\s+{_DOES}\b|\b{_DOES}\s+(?:wir|ich)\b"
        r"|\bmelde[nt]?\s+(?:mich|uns|sich)\b"
        r"|\b(?:werden?|wird|wirst)\b(?!\s+(?:nicht|nie|geschlossen|geöffnet|gebeten)\b)"
        r"|\b(?:sie|du|ihr)\s+(?:bekommen|erhalten|hören|bekommst|erhältst|hörst|kriegst|bekommt"
        r"|erhaltet|hört|haben|hast)\b(?!.*\b(?:bekommen|erhalten|gehört|geschrieben|bestellt)\b)"
        r"|(?<!haben\s)\b(?:bekommen|erhalten|hören|haben)\s+sie\b(?!.*\b(?:bekommen|erhalten"
        r"|gehört"
        r"|geschrieben|bestellt)\b)|\b(?:bekommst|erhältst|hörst)\s+du\b"
        r"|\b(?:es|das|dies|sendung|lieferung|paket|erstattung|gutschrift|techniker|störung)"
        r"\s+(?:sollte|kommt|trifft)\b"
        r"|\b(?:ist|sind)\b(?=.*\b(?:bei\s+(?:ihnen|dir|euch)|behoben|erledigt|fertig|gelöst)\b)"
        r"(?!.*\b(?:angekommen|eingegangen|gewesen|worden)\b)"
    ),
    breaks=regex.compile(
        r"\b(?:nicht|nie|kein\p{L}*|war|waren|wurden?|hat|hatten?|kam|kamen|worden|gewesen"
        r"|weil|seit"
        r"|warum|nachdem|falls|wenn|sofern|ob|erst\s+ab|bitte\s+sie)\b"
    ),
    undone=regex.compile(r"\b(?:nicht|nie|kein\p{L}*)\b"),
    not_after=regex.compile(
        r"\b(?:vom|von|seit|ab|nach|letzte[mnrs]?|vergangene[mnrs]?|vorige[mnrs]?|jede[mnrs]?|erst"
        r"|nicht\s+vor)\s+(?:dem\s+|der\s+)?$"
    ),
    patterns=(
        ("span", r"\b(?:innerhalb|binnen|in|im\s+laufe)\s+(?:von\s+|der\s+|den\s+|ca\."
                 r"\s+|etwa\s+|rund\s+"
                 rf"|spätestens\s+|weniger\s+als\s+)*(?:nächsten\s+"
                 rf"|kommenden\s+)?{_N}{_N2}\s*{_UNIT}"),
        ("span", rf"\b(?:die|den)\s+nächsten\s+{_N}{_N2}\s*{_UNIT}"),
        ("today", r"\bheute\b(?!\s+(?:morgen|früh|vormittag)\b)"
                  r"|\b(?:ende\s+des|im\s+laufe\s+des|zum\s+ende\s+des)\s+(?:heutigen\s+)?tages\b"
                  r"|\bfeierabend\b"),
        ("this morning", r"\bheute\s+(?:morgen|früh|vormittag)\b"),
        ("midnight", r"\bmitternacht\b"),
        ("tomorrow", r"(?<!\b(?:am|jeden|guten)\s)\bmorgen\b(?!s)"),
        ("day after", r"\bübermorgen\b"),
        ("weekend", r"\b(?:am|dieses|übers?|nächstes)\s+wochenende\b"),
        ("this week", r"\b(?:diese[rn]?\s+woche|ende\s+der\s+woche|im\s+laufe\s+der\s+woche"
                      r"|bis\s+zum\s+wochenende)\b"),
        ("next week", r"\b(?:ende\s+)?(?:(?:der\s+)?(?:nächste[rn]?|kommende[rn]?)\s+woche)\b"),
        ("this month", r"\b(?:ende\s+des\s+monats|ende\s+diesen\s+monats|monatsende|diesen"
                       r"\s+monat)\b"),
        ("next month", r"\b(?:ende\s+)?(?:nächste[nrs]|kommende[nrs])\s+monats?\b"),
        ("weekday", rf"\b(?P<wd>{_LONG})(?P<part>vormittag|mittag|nachmittag|abend)?\b"
                    r"(?P<weeks>\s+(?:der\s+)?(?:nächste[rn]?|kommende[rn]?)\s+woche)?"),
        ("weekday", rf"\b(?:am|bis|zum)\s+(?P<wd>{'|'.join(_WEEKDAYS.values())})\b\.?"),
        ("date", rf"(?<!\d)(?P<day>\d{{1,2}})\.\s*(?P<mon>{'|'.join(_MONTHS.values())})\b\.?"
                 r"(?:\s+(?P<year>20\d\d))?"),
        ("date", r"\b(?:am|bis\s+zum|zum)\s+(?P<day>\d{1,2})\.(?!\s?\d|\s*\p{L})"),
        ("hour", r"(?<![\d:.,])(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\s*uhr\b"),
        ("part", r"\b(?:am\s+|früh\s+am\s+)?(?P<part>früh|vormittag|mittag|nachmittag|abend)s?\b"),
        ("part", r"\bam\s+(?P<part>morgen)\b"),
    ),
    names={
        "n": _NUMBERS, "unit": _UNITS, "mon": _MONTHS, "wd": _WEEKDAYS,
        "part": {
            "morning": "früh|morgen|vormittag", "noon": "mittag", "afternoon": "nachmittag",
            "evening": "abend",
        },
    },
)  # fmt: skip
