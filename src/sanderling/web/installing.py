"""The desk as an app of its own: what it is called, its icons, and what works without a line.

The service worker keeps files and one page that says nothing about anybody. What customers wrote is
in no cache.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sanderling.core.words import language, say
from sanderling.web.agents import preferences
from sanderling.web.static import FOLDER, files

SIZES = (192, 512)
SAND = "#f3f1ec"
"""The ground of the pages by day; a page says itself how its window is framed by night."""
SHELL = (
    "css/app.css", "fonts/inter-latin.woff2", "icons.svg", "favicon.svg",
    "js/offline.js", "js/drafts.js",
)  # fmt: skip
"""The files of the page that is shown without a line."""


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a device needs to know to keep the desk among its apps."""
    told = {
        "id": "/desk/", "name": "Sanderling", "short_name": "Sanderling", "lang": language(),
        "description": say("The desk on which customers are met."),
        "start_url": "/desk/", "scope": "/", "display": "standalone",
        "background_color": SAND, "theme_color": SAND, "icons": _icons(),
        "shortcuts": [
            {"name": say("Mine"), "url": "/desk/?q=mine"},
            {"name": say("Deck"), "url": "/deck/"},
            {"name": say("For you"), "url": "/mentions/"},
        ],
    }  # fmt: skip
    return JsonResponse(
        told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"}
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the version of the files that it keeps: another version is another
    text, and by that the browser knows to update."""
    held = files()
    shell = [*(held.address(path) for path in SHELL), "/offline/"]
    begin = f'const VERSION = "{held.version}";\nconst SHELL = {shell!r};\n'
    text = begin + (FOLDER / "js" / "service-worker.js").read_text()
    return HttpResponse(
        text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser shows where no page comes through: the same for everybody."""
    return render(request, "offline.html", {"prefs": preferences(request), "alone": True})


def _icons() -> list[dict[str, str]]:
    return [
        {
            "src": files().address(f"icons/{purpose}-{size}.png"), "sizes": f"{size}x{size}",
            "type": "image/png", "purpose": purpose,
        }
        for purpose in ("any", "maskable")
        for size in SIZES
    ]  # fmt: skip
