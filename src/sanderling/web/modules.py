"""Which scripts a script imports, told by the page that loads it: a browser that finds out one
after the other waits for the line as often as the imports are deep."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from markupsafe import Markup

from sanderling.web.static import files

_SRC = re.compile(r'\ssrc="/static/[^/"]+/([^"]+\.js)"')
_IMPORT = re.compile(r"""^(?:import\s*|(?:import|export)[^;"']*?from\s*)["']([^"']+)["']""", re.M)


@lru_cache(maxsize=64)
def ahead(scripts: str) -> Markup:
    """The links by which a page with these script elements loads what they import, at once."""
    asked = _SRC.findall(scripts)
    found = dict.fromkeys(name for path in asked for name in imported(path))
    link = Markup('<link rel="modulepreload" href="{}">')
    return Markup("").join(link.format(files().address(n)) for n in found if n not in asked)


def imported(path: str) -> list[str]:
    """Every script that one imports, and those that they import; paths as `Files` knows them."""
    found: dict[str, None] = {}
    waiting = [path]
    while waiting:
        one = waiting.pop(0)
        text = (files().folder / one).read_text()
        new = [
            posixpath.normpath(posixpath.join(one, "..", name)) for name in _IMPORT.findall(text)
        ]
        waiting += [name for name in new if name not in found]
        found |= dict.fromkeys(new)
    return list(found)
