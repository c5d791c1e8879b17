"""Pages squeezed for the line, without letting their length tell what stands in them.

Whoever makes a browser ask for a page with words of their choosing in it, and sees how long each
answer is, can guess what stands beside those words. So only what a person or a page of ours asks
for is squeezed, a random length is added (by Django), and the secret of forms is masked anew for
every page. Over plain HTTP there is nothing to guess, and browsers do not say who asks.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.middleware.gzip import GZipMiddleware
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject

ASKED_BY_US = ("same-origin", "none")
"""What Sec-Fetch-Site says of our pages, and of addresses that a person typed."""


class Squeezed(GZipMiddleware):
    """Middleware: answers travel squeezed, unless another site made the browser ask."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer, squeezed if it may be and that makes it shorter."""
        who = request.headers.get("Sec-Fetch-Site", "" if request.is_secure() else "none")
        return super().process_response(request, response) if who in ASKED_BY_US else response


def one_secret(request: HttpRequest) -> dict[str, Any]:
    """The secret of forms for a page, masked once: a deck has hundreds of forms, and what is
    drawn by chance cannot be squeezed."""
    return {
        "csrf_input": SimpleLazyObject(partial(csrf_input, request)),
        "csrf_token": SimpleLazyObject(partial(get_token, request)),
    }
