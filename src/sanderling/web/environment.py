"""Jinja as the pages use it: everything is escaped, and a name that is not there is an error."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from sanderling.web import wording
from sanderling.web.static import files

_MENTION = re.compile(r"(?<![\w@])@[\w.@-]*\w")
_SIGNATURE = re.compile(r"\^[A-Z]{2,4}$")


def environment(**options: Any) -> Environment:
    """The environment that settings.TEMPLATES names."""
    env = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    env.globals.update(
        static=files().address,
        sheet=files().address("icons.svg"),
        has_file=files().names.__contains__,
        drawn=_drawn(),
        w=wording,
    )
    env.filters["said"] = said
    return env


def said(text: str) -> Markup:
    """What somebody wrote, safe to show: escaped, lines kept, mentions and signatures marked."""
    safe = str(escape(text))
    safe = _MENTION.sub(lambda m: f'<span class="at">{m[0]}</span>', safe)
    safe = _SIGNATURE.sub(lambda m: f'<span class="sig">{m[0]}</span>', safe)
    return Markup(safe.replace("\n", "<br>"))  # escaped above; only tags of our own are added


def _drawn() -> frozenset[str]:
    """The icons that the sheet holds."""
    sheet = (files().folder / "icons.svg").read_text()
    return frozenset(re.findall(r'<symbol id="i-([a-z0-9-]+)"', sheet))
