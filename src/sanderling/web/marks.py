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
from sanderling.core.links import Link, links_in
from sanderling.core.words import remembered, say
from sanderling.people.oneself import FACE
from sanderling.web import wording
from sanderling.web.pieces import shown_at
from sanderling.web.static import files

_PORTRAIT = re.compile(rf"{FACE}([\w-]{{20,40}})", re.ASCII)
_HIDDEN = Markup('aria-hidden="true"')


class Face(Protocol):
    """Somebody with a name and perhaps a picture, a drawing of ours or a web address."""

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


@remembered(256)
def keys(text: str) -> Markup:
    """The keys to press, for the eyes only; aria-keyshortcuts says them."""
    each = Markup("").join(Markup("<kbd>{}</kbd>").format(say(key)) for key in text.split())
    return Markup('<kbd class="keys" aria-hidden="true">{}</kbd>').format(each)


@remembered(256)
def net(network: str) -> Markup:
    """The badge of a network."""
    mark = f"net-{network}" if f"net-{network}" in _drawn() else "waves"
    shown = icon(mark, label=wording.network_name(network))
    return Markup('<span class="net net--{}">{}</span>').format(network, shown)


def avatar(who: Face, size: int, network: str = "", label: str = "") -> Markup:
    """A face: one of our drawings, their own by way of the desk, or initials on a colour."""
    shown = _face(who.name, who.avatar, size, label, str(getattr(who, "initials", "")))
    mark = net(network) if network else ""
    return Markup(f'<span class="ava" style="--s:{size}px">{shown}{mark}</span>')


@lru_cache(maxsize=4096)
def _face(name: str, picture: str, size: int, label: str, initials: str) -> Markup:
    below = Markup('<b class="ava__i" style="--h:{}" translate="no" {}>{}</b>')
    letters = initials or wording.initials(name)
    if address := shown_at(picture):
        # The initials stand below for as long as the picture takes, and where it never comes.
        look = 'class="ava__p" width="{}" height="{}" loading="lazy"'
        drawn = Markup('{}<img src="{}" alt="{}" ' + look + ">")
        known = below.format(wording.hue(name), _HIDDEN, letters)
        return drawn.format(known, address, label, size, size)
    file = f"avatars/{picture.removeprefix('practice:')}.svg"
    if file in files().names:
        drawn = Markup('<img src="{}" alt="{}" width="{}" height="{}">')
        return drawn.format(files().address(file), label, size, size)
    if own := _PORTRAIT.fullmatch(picture):
        drawn = Markup('<img class="ava__own" src="/faces/{}" alt="{}" width="{}" height="{}">')
        return drawn.format(own[1], label, size, size)
    told = Markup('role="img" aria-label="{}"').format(label) if label else _HIDDEN
    return below.format(wording.hue(name), told, letters)


@remembered(4096)
def reach(followers: int | None) -> Markup:
    """How many follow somebody; nothing where the network does not tell."""
    if followers is None:
        return Markup("")
    told = say("Followers")
    return Markup('<span class="reach" title="{}">{}<span class="sr">{}: </span>{}</span>').format(
        told, icon("users"), told, wording.reach(followers)
    )


@remembered(64)
def kind(name: str) -> Markup:
    """What a post is about."""
    shown = icon(wording.KINDS.get(name, "waves"))
    told = wording.kind_in_words(name)
    return Markup('<span class="kind kind--{}">{}{}</span>').format(name, shown, told)


@remembered(64)
def tone(level: int) -> Markup:
    """The sea state, with its word."""
    return Markup('<span class="tone tone--{}">{}<span>{}</span></span>').format(
        level, _sea(level), say(wording.TONES[level])
    )


@remembered(64)
def tone_mark(level: int) -> Markup:
    """The sea state alone; its word is for those who do not see it."""
    told = say("Tone: {tone}", tone=wording.tone_in_words(level))
    return Markup('<span class="tone tone--{}" role="img" aria-label="{}">{}</span>').format(
        level, told, _sea(level)
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


@remembered(64)
def unsure(about: tuple[str, ...]) -> Markup:
    """A question mark where a person should decide; nothing where nothing is in doubt."""
    if not about:
        return Markup("")
    told = say("Unsure: please decide about {what}", what=wording.doubts(about))
    return Markup('<span class="unsure" title="{}">{}<span aria-hidden="true">{}</span>'
                  '<span class="sr">{}</span></span>').format(
        told, icon("circle-question-mark"), say("Unsure"), told
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
        f' aria-label="{escape(drawn.says)}"{clock}><svg viewBox="0 0 36 36" aria-hidden="true">'
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


def linked(text: str) -> Markup:
    """What somebody wrote, as `said`, with its links to be opened; each names its true host where
    the text does not say that plainly."""
    parts, at = [], 0
    for link in links_in(text):
        parts += [_marked(text[at : link.start], ends=False), _link(text, link)]
        at = link.end
    parts.append(_marked(text[at:]))
    return Markup("").join(parts)


def _link(text: str, link: Link) -> Markup:
    shown = Markup(
        '<a class="out" href="{}" target="_blank" rel="noopener noreferrer nofollow ugc"'
        ' referrerpolicy="no-referrer">{}</a>'
    ).format(link.address, text[link.start : link.end])
    if not link.doubtful:
        return shown
    told = Markup('{} <span class="host">{}<span>{}</span></span>')
    return told.format(shown, icon("shield-alert"), _whither(link))


def _whither(link: Link) -> Markup:
    host = Markup("<bdi>{}</bdi>").format(link.host)
    if link.mixed:
        told = say("leads to {host}, whose name mixes alphabets")
    elif link.foreign:
        told = say("leads to {host}, written with letters beyond a to z")
    else:
        told = say("leads to {host}")
    return Markup(escape(told)).format(host=host)


def said(text: str) -> Markup:
    """What somebody wrote, safe to show: escaped, lines kept, mentions and signatures marked."""
    return _marked(text)


def _marked(text: str, *, ends: bool = True) -> Markup:
    safe = str(escape(text))
    safe = _MENTION.sub(lambda m: f'<span class="at">{m[0]}</span>', safe)
    if ends:
        safe = _SIGNATURE.sub(lambda m: f'<span class="sig">{m[0]}</span>', safe)
    return Markup(safe.replace("\n", "<br>"))  # escaped above; only tags of our own are added


@lru_cache(maxsize=1)
def _drawn() -> frozenset[str]:
    """The icons that the sheet holds."""
    sheet = (files().folder / "icons.svg").read_text()
    return frozenset(re.findall(r'<symbol id="i-([a-z0-9-]+)"', sheet))
