"""How English promises."""

from __future__ import annotations

import regex

from sanderling.core.promising.language import Language, either, names_of

_NUMBERS = {
    "0.5": "half an", "1": "an?|one", "2": "(?:a )?couple of|two", "3": "three", "4": "four",
    "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine", "10": "ten", "12": "twelve",
    "24": "twenty[- ]four", "48": "forty[- ]eight", "72": "seventy[- ]two",
}  # fmt: skip
_UNITS = {
    "minute": "min(?:ute)?s?", "hour": "hours?|hrs?|h",
    "working day": "(?:working|business|week) ?days?",
    "day": "days?", "week": "weeks?", "month": "months?",
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = names_of("mon", "tues?", "wed", "thu(?:rs?)?", "fri", "sat", "sun")
_MONTHS = names_of(
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?",
    "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS.values())})"
_N2 = r"(?:\s*(?:-|–|to|or)\s*(?P<n2>\d{1,3}))?"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS.values())})\b"
_MON = rf"(?P<mon>{'|'.join(_MONTHS.values())})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>20\d\d))?"
_BY = r"\b(?:by|on|before|until|at|no later than)\s+"

ENGLISH = Language(
    name="en",
    frames=regex.compile(
        r"(?:\b(?:will|shall)|(?<=\p{L})['’]ll)\b"
        r"(?!\s+(?:not\b|never\b|no longer\b|open\b|close\b|last\b|expire\b|end\b|rain\b"
        r"|be\s+(?:closed|open|down|offline|unavailable|away|out|off|busy|here|there)\b))"
        r"(?!(?<=\byou(?:['’]ll|\s+will|\s+shall))\s+(?:need|have|want)\s+to\b)"
        r"|\b(?:we|i)(?:['’]re|['’]m|\s+are|\s+am)\s+(?:going to|about to|sending|calling|ringing"
        r"|writing|shipping|refunding|replacing|coming back|getting back|looking into|replying)\b"
        r"|\b(?:is|are)\s+going to\b"
        r"|\b(?:we|i)\s+(?:promise|aim|plan|expect(?!\s+you)|intend|hope|guarantee|commit)\b"
        r"|\b(?:we|i)\s+(?:can\s+)?(?:get|come|are|be)\s+back\s+to\s+you\b"
        r"|\b(?:you\s+can\s+|please\s+)?expect\s+(?:an?|our|your|to|news|us)\b"
        r"|\blet\s+(?:me|us)\b(?!\s+know)|\ballow\s+us\b"
        r"|\b(?:it|this|that|everything|refund|parcel|replacement|you)\s+should\s+"
        r"(?:be|arrive|have|see|receive|get|reach|hear)\b"
    ),
    breaks=regex.compile(
        r"\b(?:not|never|cannot|unable|was|were|did|had|came|arrived|ordered|wrote|told|said|bought"
        r"|paid|happened|reported|because|since|until|till|why|after|unless|if)\b|n['’]t\b"
    ),
    not_after=regex.compile(
        r"\b(?:since|until|till|after|from|of|last|past|previous|every|each|not before|as of"
        r"|starting)"
        r"\s+(?:the\s+)?$"
    ),
    patterns=(
        ("span", r"\b(?:with)?in\s+(?:under\s+|less than\s+|about\s+|around\s+|roughly"
                 r"\s+|at most\s+"
                 rf"|the\s+(?:next|coming)\s+)?{_N}{_N2}[\s-]*{_UNIT}"),
        ("span", rf"\b(?:over|during|inside)\s+the\s+(?:next|coming)\s+{_N}{_N2}[\s-]*{_UNIT}"),
        ("span", rf"\b{_N}\s+{_UNIT}\s+from\s+now\b"),
        ("span", r"\bwithin\s+the\s+(?P<unit>hour)\b"),
        ("today", r"\b(?:later\s+)?today\b|\b(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?"
                  r"(?:business\s+|working\s+)?day\b|\beod\b|\bcob\b|\bclose\s+of\s+business\b"),
        ("tonight", r"\btonight\b|\bthis\s+evening\b"),
        ("this morning", r"\bthis\s+morning\b"),
        ("midnight", r"\bmidnight\b"),
        ("tomorrow", r"\btomorrow\b"),
        ("day after", r"\b(?:the\s+)?day\s+after\s+tomorrow\b"),
        ("weekend", r"\b(?:this|the|next|over\s+the)\s+weekend\b"),
        ("this week", r"\b(?:later\s+)?this\s+week\b"
                      r"|\b(?:the\s+)?end\s+of\s+(?:the|this)\s+week\b"),
        ("next week", r"\b(?:the\s+end\s+of\s+)?next\s+week\b"),
        ("this month", r"\b(?:the\s+)?end\s+of\s+(?:the|this)\s+month\b|\bthis\s+month\b"),
        ("next month", r"\b(?:the\s+end\s+of\s+)?next\s+month\b"),
        ("weekday", rf"\b(?:(?:this\s+coming|coming|next|this)\s+)?(?P<wd>{'|'.join(_WEEKDAYS)})\b"
                    r"(?P<weeks>\s+(?:of\s+)?next\s+week)?"),
        ("weekday", rf"{_BY}(?P<wd>{'|'.join(_SHORT.values())})\b\.?"),
        ("date", rf"\b{_DAY}(?:\s+of)?\s+{_MON}{_YEAR}"),
        ("date", rf"\b{_MON}\s+{_DAY}(?![\d:%]){_YEAR}"),
        ("date", rf"{_BY}the\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b"),
        ("hour", r"\b(?P<h>1[0-2]|0?[1-9])\s*(?P<pm>am|pm|a\.m\.?|p\.m\.?)(?!\p{L})"),
        ("hour", r"\b(?P<guess>at|by|before)\s+(?P<h>1[0-2]|[1-9])(?:\s+o['’]clock)?"
                 r"(?=\s*(?:$|[,;!)]|\.(?!\d)|today|tomorrow|on\b))"),
        ("part", r"\b(?P<part>noon|midday)\b"),
        ("part", r"\b(?:in\s+the\s+|this\s+)?(?P<part>morning|afternoon|evening)\b|(?<=\w"
                 r"\s)(?P<part>night)\b"),
    ),
    names={
        "n": _NUMBERS, "unit": _UNITS, "mon": _MONTHS,
        "wd": {n: either(_WEEKDAYS[int(n) - 1], short) for n, short in _SHORT.items()},
        "part": {"evening": "evening|night", "noon": "noon|midday"},
    },
)  # fmt: skip
