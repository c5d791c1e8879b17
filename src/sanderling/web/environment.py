"""Jinja as the pages use it: everything is escaped, and a name that is not there is an error.

`_` and `many` say a sentence of ours, which may have tags; what is filled in is escaped.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from sanderling.core import words
from sanderling.web import (
    findings,
    health,
    keymap,
    languages,
    marks,
    modules,
    rules,
    speaking,
    wording,
)
from sanderling.web.drill_mark import mark
from sanderling.web.pieces import pieces
from sanderling.web.static import files


def environment(**options: Any) -> Environment:
    """The environment that settings.TEMPLATES names: `m` are the marks, `w` the words, `h` those
    of accounts, `j` those of verdicts, `l` those of languages, `p` those of the policy, `k`
    the keys."""
    env = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    env.globals.update(
        _=_say, many=_many, figure=words.figure, retold=words.retold, lang=words.language,
        direction=speaking.direction, words=speaking.address,
    )  # fmt: skip
    env.globals.update(
        static=files().address, m=marks, w=wording, h=health, j=findings, l=languages, p=rules,
        k=keymap, ahead=modules.ahead, new_key=uuid4, drill_mark=mark,
    )  # fmt: skip
    env.filters["said"] = marks.said
    env.filters["linked"] = marks.linked
    env.filters["pieces"] = pieces
    return env


def _say(sentence: str, /, **values: Any) -> Markup:
    said = _ours(words.say(sentence))
    return said.format(**values) if values else said


def _many(one: str, more: str, n: int, /, **values: Any) -> Markup:
    # Filled with its own places first, so that what comes from outside is escaped after.
    places = {name: f"{{{name}}}" for name in values}
    return _ours(words.many(one, more, n, **places)).format(**values)


def _ours(said: str) -> Markup:
    """A sentence of ours: with tags it is HTML, without any it may stand in an attribute."""
    return Markup(said) if "<" in said else escape(said)
