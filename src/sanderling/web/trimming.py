"""Style sheets and scripts without what only their readers need: comments, and blanks in styles.

Done when the files are read, so there is nothing to build. A script keeps its lines: comments that
have lines of their own go, and so does what lines are indented by. So no text of a script of ours
may go over several lines.
"""

from __future__ import annotations

import re

_STYLE = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|/\*.*?\*/|\s*([{};,])\s*|\s+""", re.DOTALL
)
_SCRIPT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def style(text: str) -> str:
    """The same rules in fewer characters; texts in quotes stay as they are."""
    return _STYLE.sub(lambda found: found[1] or found[2] or _blank(found[0]), text).strip()


def script(text: str) -> str:
    """The same script without comments that have lines of their own, its lines not indented."""
    return _INDENT.sub("", _SCRIPT.sub("", text))


def _blank(what: str) -> str:
    return "" if what.startswith("/*") else " "
