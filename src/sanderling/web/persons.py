"""Who is behind an identity: agents link and separate, from the customer card."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sanderling.cases.queries import Merged, NoSuchCase, case_for
from sanderling.core.words import many, say
from sanderling.listen import persons
from sanderling.web import clock, wording
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done, number


@act
def link(request: HttpRequest, case_id: int) -> HttpResponse:
    """The customer is the same person as somebody else, and why."""
    other = _other(request.POST.get("handle", ""), request.POST.get("network", ""))
    try:
        persons.link(
            identity_id=_customer(request, case_id), other_id=other,
            why=request.POST.get("why", ""), by=me(request).id, now=clock.now(),
        )  # fmt: skip
    except persons.WrongPerson as error:
        raise Unfit(str(error), status=422) from error
    return done(request, f"/case/{case_id}/", says=say("Linked as one person."), case=case_id)


@act
def separate(request: HttpRequest, case_id: int) -> HttpResponse:
    """An identity is somebody else after all, and why."""
    identity = number(request.POST.get("identity")) or 0
    try:
        persons.separate(
            identity_id=identity, why=request.POST.get("why", ""), by=me(request).id,
            now=clock.now(),
        )  # fmt: skip
    except persons.WrongPerson as error:
        raise Unfit(str(error), status=422) from error
    return done(request, f"/case/{case_id}/", says=say("Separated again."), case=case_id)


def _customer(request: HttpRequest, case_id: int) -> int:
    try:
        return case_for(me(request).id, case_id).customer.id
    except Merged as merged:
        raise NoSuchCase(str(merged)) from merged


def _other(handle: str, network: str) -> int:
    """The identity that a handle names; raises Unfit where there is none, or more than one."""
    found = persons.known_as(handle, network[:40])
    if not found:
        raise Unfit(
            say("Nobody called “{handle}” has written to us yet.", handle=handle[:80]), status=422
        )
    if len(found) > 1:
        on = ", ".join(wording.network_name(name) for _, name in found)
        raise Unfit(
            many(
                "There is {n} of that handle ({on}). Choose the network.",
                "There are {n} of that handle ({on}). Choose the network.",
                len(found),
                on=on,
            ),
            status=422,
        )
    return found[0][0]
