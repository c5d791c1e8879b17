"""The small marks that stand everywhere: icons, faces, networks, clocks, tones.

Functions instead of template macros: a list draws some fifteen hundred of them, and most are the
same few. Words come from wording.py, looks from css/marks.css. Text from outside goes through
`Markup.format`, which escapes it; what is put together without it are our own figures and words.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Protocol

from markupsafe import Markup, escape

from sanderling.cases.queries import Standing
from sanderling.web import wording
from sanderling.web.static import files

_HIDDEN = Markup('aria-hidden="true"')


class Face(Protocol):
    """Somebody with a name and perhaps a picture of ours."""

    @property
    def name(self) -> str: ...
    @property
    def avatar(self) -> str: ...


@lru_cache(maxsize=1024)
def icon(name: str, look: str = "i", label: str = "") -> Markup:
    """An icon of the sheet; decoration, unless it has a label."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else _HIDDEN
    use = f"{files().address('icons.svg')}#i-{name}"
    return Markup('<svg class="{}" {}><use href="{}"/></svg>').format(look, told, use)


@lru_cache(maxsize=256)
def keys(text: str) -> Markup:
    """The keys to press, for the eyes only; aria-keyshortcuts says them."""
    each = Markup("").join(Markup("<kbd>{}</kbd>").format(key) for key in text.split())
    return Markup('<kbd class="keys" aria-hidden="true">{}</kbd>').format(each)


@lru_cache(maxsize=256)
def net(network: str) -> Markup:
    """The badge of a network."""
    mark = f"net-{network}" if f"net-{network}" in _drawn() else "waves"
    shown = icon(mark, label=wording.network_name(network))
    return Markup('<span class="net net--{}">{}</span>').format(network, shown)


def avatar(who: Face, size: int, network: str = "", label: str = "") -> Markup:
    """A face: one of our drawings, or initials on the colour of the name. Nothing is fetched."""
    shown = _face(who.name, who.avatar, size, label, str(getattr(who, "initials", "")))
    mark = net(network) if network else ""
    return Markup(f'<span class="ava" style="--s:{size}px">{shown}{mark}</span>')


@lru_cache(maxsize=4096)
def _face(name: str, picture: str, size: int, label: str, initials: str) -> Markup:
    file = f"avatars/{picture.removeprefix('practice:')}.svg"
    if file in files().names:
        drawn = Markup('<img src="{}" alt="{}" width="{}" height="{}">')
        return drawn.format(files().address(file), label, size, size)
    told = Markup('role="img" aria-label="{}"').format(label) if label else _HIDDEN
    letters = initials or wording.initials(name)
    return Markup('<b class="ava__i" style="--h:{}" {}>{}</b>').format(
        wording.hue(name), told, letters
    )


@lru_cache(maxsize=4096)
def reach(followers: int | None) -> Markup:
    """How many follow somebody; nothing where the network does not tell."""
    if followers is None:
        return Markup("")
    return Markup(
        '<span class="reach" title="Followers">{}<span class="sr">Followers: </span>{}</span>'
    ).format(icon("users"), wording.reach(followers))


@lru_cache(maxsize=64)
def kind(name: str) -> Markup:
    """What a post is about."""
    shown = icon(wording.KINDS.get(name, "waves"))
    return Markup('<span class="kind kind--{}">{}{}</span>').format(name, shown, name.capitalize())


@lru_cache(maxsize=64)
def tone(level: int) -> Markup:
    """The sea state, with its word."""
    return Markup('<span class="tone tone--{}">{}<span>{}</span></span>').format(
        level, _sea(level), wording.TONES[level]
    )


@lru_cache(maxsize=64)
def tone_mark(level: int) -> Markup:
    """The sea state alone; its word is for those who do not see it."""
    return Markup('<span class="tone tone--{}" role="img" aria-label="Tone: {}">{}</span>').format(
        level, wording.TONES[level].lower(), _sea(level)
    )


@lru_cache(maxsize=64)
def sea(level: int) -> Markup:
    """The sea state alone, where its word stands beside it."""
    return Markup('<span class="tone tone--{}" aria-hidden="true">{}</span>').format(
        level, _sea(level)
    )


def _sea(level: int) -> Markup:
    return Markup(
        '<svg class="tone__sea" viewBox="0 0 24 14" aria-hidden="true"><path d="{}"/></svg>'
    ).format(wording.SEAS[level])


@lru_cache(maxsize=64)
def unsure(about: tuple[str, ...]) -> Markup:
    """A question mark where a person should decide; nothing where nothing is in doubt."""
    if not about:
        return Markup("")
    told = f"Unsure: please decide about {wording.doubts(about)}"
    return Markup('<span class="unsure" title="{}">{}<span aria-hidden="true">Unsure</span>'
                  '<span class="sr">{}</span></span>').format(
        told, icon("circle-question-mark"), told
    )  # fmt: skip


def ring(case: Standing, now: datetime) -> Markup:
    """The clock of a case; clock.js keeps it running."""
    drawn = wording.ring(case, now)
    if drawn.figure:
        inside, clock = f"<b>{drawn.figure}</b>", running(case)
    else:
        inside, clock = icon("check" if drawn.look == "done" else "pause"), Markup("")
    return Markup(
        f'<span class="ring ring--{drawn.look}" style="--left:{drawn.left};--s:34px" role="img"'
        f' aria-label="{drawn.says}"{clock}><svg viewBox="0 0 36 36" aria-hidden="true">'
        '<circle cx="18" cy="18" r="15.5"/>'
        '<circle class="ring__arc" cx="18" cy="18" r="15.5" pathLength="100"/></svg>'
        f"{inside}</span>"
    )


def running(case: Standing) -> Markup:
    """What clock.js needs to know of a clock, as attributes."""
    due, began = wording.stamp(case.due_at), wording.stamp(case.due_from or case.last_at)
    return Markup(f' data-due="{due}" data-from="{began}" data-act="{escape(case.due_kind)}"')


def ago(moment: datetime, now: datetime, look: str = "") -> Markup:
    """How long ago; clock.js lets it grow."""
    figure, when = wording.short((now - moment).total_seconds()), moment.isoformat()
    stamp = wording.stamp(moment)
    return Markup(f'<time class="{look}" datetime="{when}" data-ago="{stamp}">{figure}</time>')


def at(moment: datetime, zone: tzinfo, now: datetime) -> Markup:
    """When, where the agent lives."""
    return Markup('<time datetime="{}">{}</time>').format(
        moment.isoformat(), wording.clock_time(moment, zone, now)
    )


_MENTION = re.compile(r"(?<![\w@])@[\w.@-]*\w")
_SIGNATURE = re.compile(r"\^[A-Z]{2,4}$")


def said(text: str) -> Markup:
    """What somebody wrote, safe to show: escaped, lines kept, mentions and signatures marked."""
    safe = str(escape(text))
    safe = _MENTION.sub(lambda m: f'<span class="at">{m[0]}</span>', safe)
    safe = _SIGNATURE.sub(lambda m: f'<span class="sig">{m[0]}</span>', safe)
    return Markup(safe.replace("\n", "<br>"))  # escaped above; only tags of our own are added


@lru_cache(maxsize=1)
def _drawn() -> frozenset[str]:
    """The icons that the sheet holds."""
    sheet = (files().folder / "icons.svg").read_text()
    return frozenset(re.findall(r'<symbol id="i-([a-z0-9-]+)"', sheet))
