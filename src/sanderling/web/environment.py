"""Jinja as the pages use it: everything is escaped, and a name that is not there is an error."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, StrictUndefined

from sanderling.web import findings, health, languages, marks, wording
from sanderling.web.static import files


def environment(**options: Any) -> Environment:
    """The environment that settings.TEMPLATES names: `m` are the marks, `w` the words, `h` those
    of accounts, `j` those of verdicts, `l` those of languages."""
    env = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    env.globals.update(
        static=files().address, m=marks, w=wording, h=health, j=findings, l=languages
    )
    env.filters["said"] = marks.said
    return env
