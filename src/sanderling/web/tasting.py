"""What an agent likes, in cookies: a cache of the row that follows them from device to device.

The cookie `taste` says whose likes a browser keeps and after which change. Where it is behind, the
row counts and the cookies are written anew; where it is not, the cookies count: a page that is
fetched right after a change does not have to wait for it.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sanderling.people.queries import Taste
from sanderling.web.speaking import COOKIE

YEAR = 365 * 24 * 3600
NAME = "taste"


def behind(request: HttpRequest, agent_id: int, liked: Taste) -> bool:
    """Whether this browser keeps what the agent liked once, or what somebody else likes."""
    whose, _, changes = request.COOKIES.get(NAME, f"{agent_id}.0").partition(".")
    return whose != str(agent_id) or changes != str(liked.changes)


def speaks_otherwise(request: HttpRequest, liked: Taste) -> bool:
    """Whether a page that is fetched would be in another language than the agent chose."""
    return request.method == "GET" and request.COOKIES.get(COOKIE, "") != liked.language


def keep(request: HttpRequest, response: HttpResponse, agent_id: int, liked: Taste) -> None:
    """Bring the browser up to date, if it is not."""
    if behind(request, agent_id, liked):
        _write(response, "theme", liked.theme)
        _write(response, "density", liked.density)
    if request.COOKIES.get(COOKIE, "") != liked.language:
        _write(response, COOKIE, liked.language)
    if liked.zone and request.COOKIES.get("zone") != liked.zone:
        _write(response, "zone", liked.zone)
    stamp = f"{agent_id}.{liked.changes}"
    if request.COOKIES.get(NAME) != stamp:
        _write(response, NAME, stamp)


def _write(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
