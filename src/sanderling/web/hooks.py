"""Where networks call us: webhooks. What is genuine is kept at once and led on by the worker."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from sanderling.core.network import TakesPush
from sanderling.listen import pushes
from sanderling.listen.ours import NoSuchAccount
from sanderling.web import clock
from sanderling.wiring import NoSuchNetwork, network_for

LONGEST = 2_000_000
"""No network sends more at once (bytes)."""


@csrf_exempt  # a network has no cookie of ours; what it sends is signed
def hook(request: HttpRequest, account_id: int) -> HttpResponse:
    """A network proves that the address is ours (GET), or tells what happened (POST)."""
    network = _network(account_id)
    if request.method == "GET":
        answer = network.challenge(request.GET.dict())
        if answer is None:
            raise Http404
        return HttpResponse(answer, content_type=_type(answer))
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "GET, POST"})
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not network.genuine(body, headers):
        return HttpResponse(status=403)
    pushes.keep(account_id=account_id, body=body, now=clock.now())
    return HttpResponse(status=200)


def _network(account_id: int) -> TakesPush:
    try:
        network = network_for(account_id)
    except (NoSuchAccount, NoSuchNetwork) as error:
        raise Http404 from error
    if not isinstance(network, TakesPush):
        raise Http404
    return network


def _type(answer: str) -> str:
    return "application/json" if answer.startswith("{") else "text/plain; charset=utf-8"
