"""How Spanish promises."""

from __future__ import annotations

import regex

from sanderling.core.promising.language import Language, names_of

_NUMBERS = {
    "0.5": "media", "1": "un[ao]?", "2": "dos|un\\s+par\\s+de", "3": "tres", "4": "cuatro",
    "5": "cinco",
    "6": "seis", "7": "siete", "8": "ocho", "9": "nueve", "10": "diez", "12": "doce",
    "24": "veinticuatro", "48": "cuarenta\\s+y\\s+ocho",
}  # fmt: skip
_UNITS = {
    "minute": "min(?:utos?)?", "hour": "horas?|h",
    "working day": "días?\\s+(?:hábil(?:es)?|laborables?)",
    "day": "días?", "week": "semanas?", "month": "mes(?:es)?",
}  # fmt: skip
_WEEKDAYS = names_of("lunes", "martes", "mi[ée]rcoles", "jueves", "viernes", "s[áa]bado", "domingo")
_MONTHS = names_of(
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "se(?:p)?tiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS.values())})"
_N2 = r"(?:\s*(?:-|–|a|o)\s*(?P<n2>\d{1,3}))?"
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS.values(), key=len, reverse=True))})\b"
_DOES = (
    "(?:llam|escrib|respond|contest|envi|mand|contact|inform|avis|devolv|reembols|resolv|solucion"
    "|confirm|volv|dec|d|cambi|entreg|revis|llev|reenvi|reintegr|mir|comprob)"
    "(?:amos|emos|imos|o|ío|yo|uelvo)"
)
_PAST = (
    "(?:mir|esper|retir|prepar|compar|repar|declar|aclar|gir|tir|recuper|consider|gener|oper|super"
    "|enter|alter|compr|entr|logr|encontr|cobr|mostr|cerr|registr)é"
)

SPANISH = Language(
    name="es",
    frames=regex.compile(
        r"(?<!\bno\s)(?<!\bno\s\p{L}{2,3}\s)(?:"
        r"\b(?!queremos\b|tendremos\s+cerrado|estaremos\s+cerrados?|cerraremos|abriremos"
        r"|correremos)\p{L}{2,}remos\b"
        rf"|\b(?!{_PAST}\b)\p{{L}}+(?:[aei]ré|dré)\b|\b(?:haré|diré|podré|sabré)\b"
        r"|\b(?!atrás|detrás|podrá|deberá|tendrá[sn]?\s+que|abrirá|cerrará|durará|estará\s+cerrad)"
        r"\p{L}{2,}rá[sn]?\b"
        r"|\b(?:voy|vas?|vamos|van)\s+a\s+(?!tener\s+que|estar\s+cerrad|cerrar"
        r"|abrir)\p{L}+r(?:l[aeo]s?|te|os)?\b"
        rf"|\b(?:le|te|les|os|se\s+l[oa]s?)\s+{_DOES}\b"
        r"|\b(?:prometemos|prometo|esperamos|confiamos\s+en|intentamos|nos\s+comprometemos"
        r"|me\s+comprometo"
        r"|nos\s+pondremos|nos\s+ponemos)\b"
        r")"
    ),
    breaks=regex.compile(
        r"\b(?:no|nunca|tampoco|fue|era|estaba|había|hizo|llegó|compró|pidió|escribió|porque|desde"
        r"|hasta|después|si|cuando|por\s+qué|salvo|pidieron)\b"
    ),
    not_after=regex.compile(
        r"(?:\b(?:desde|hasta|tras|después\s+de|a\s+partir\s+de|cada|todos|último|no\s+antes\s+de)"
        r"\s+(?:el\s+|la\s+|las\s+|los\s+)?|\b(?:a\s+partir|después)\s+del\s+"
        r"|(?<!\bantes\s)(?<!\bdentro\s)\bdel\s+)$"
    ),
    patterns=(
        ("span", r"\b(?:dentro\s+de|en\s+un\s+plazo\s+(?:máximo\s+)?de|en\s+menos\s+de|antes"
                 r"\s+de|en)\s+"
                 r"(?:unas?\s+|unos\s+|l[ao]s\s+(?:próxim[ao]s\s+)?|el\s+plazo\s+de\s+|máximo\s+)?"
                 rf"{_N}{_N2}\s+{_UNIT}"),
        ("span", r"\ben\s+l[ao]s\s+(?P<n>\d{1,3})\s+(?P<unit>horas|días)\s+siguientes\b"),
        ("today", r"\bhoy\b(?:\s+mismo)?|\b(?:el\s+)?final\s+del\s+día\b"
                  r"|\ba\s+lo\s+largo\s+del\s+día\b"),
        ("tonight", r"\besta\s+noche\b"),
        ("this morning", r"\besta\s+mañana\b"),
        ("midnight", r"\b(?:la\s+)?medianoche\b"),
        ("tomorrow", r"(?<!\b(?:la|esta|pasado|cada)\s)\bmañana\b(?:\s+mismo)?"),
        ("day after", r"\bpasado\s+mañana\b"),
        ("weekend", r"\b(?:este|el|el\s+próximo)\s+fin\s+de\s+semana\b"),
        ("this week", r"\besta\s+(?:misma\s+)?semana\b"
                      r"|\b(?:finales|final|el\s+fin)\s+de\s+(?:la\s+|esta\s+)?semana\b"),
        ("next week", r"\b(?:la\s+)?(?:próxima\s+semana|semana\s+(?:que\s+viene|próxima))\b"),
        ("this month", r"\b(?:finales|final|fin)\s+de(?:l)?\s+(?:este\s+)?mes\b|\beste\s+mes\b"),
        ("next month", r"\b(?:el\s+)?(?:próximo\s+mes|mes\s+(?:que\s+viene|próximo))\b"),
        ("weekday", rf"\b(?:este\s+|próximo\s+)?(?P<wd>{'|'.join(_WEEKDAYS.values())})\b"
                    r"(?!\s+(?:pasado|anterior))(?P<weeks>\s+de\s+la\s+(?:próxima\s+semana"
                    r"|semana\s+que\s+viene))?"),
        ("date", rf"(?<!\d)(?P<day>\d{{1,2}}|1º)\s+de\s+(?P<mon>{'|'.join(_MONTHS.values())})\b"
                 r"(?:\s+del?\s+(?P<year>20\d\d))?"),
        ("date", r"\b(?:antes\s+del|para\s+el|el)\s+día\s+(?P<day>\d{1,2})\b(?!\s+de\b)"),
        ("hour", r"\ba\s+las?\s+(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\s*(?:h\b|horas\b)?"),
        ("hour", r"\b(?P<guess>antes\s+de)\s+las\s+(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\b"),
        ("part", r"\b(?:por|de|a)\s+la\s+(?P<part>mañana|tarde|noche)\b"
                 r"|\besta\s+(?P<part>tarde)\b"),
        ("part", r"\b(?:al\s+|el\s+)?(?P<part>mediodía)\b"),
    ),
    names={
        "n": _NUMBERS, "unit": _UNITS, "mon": _MONTHS, "wd": _WEEKDAYS, "day": {"1": "1º"},
        "part": {
            "morning": "mañana", "noon": "mediodía", "afternoon": "tarde", "evening": "noche",
        },
    },
)  # fmt: skip
