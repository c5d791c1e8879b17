"""What is done with praise: thank, like, ask to quote, and write down what the customer said."""

from __future__ import annotations

from typing import get_args

from django.http import HttpRequest, HttpResponse

from sanderling.cases import praising
from sanderling.cases.praising import Consent
from sanderling.cases.queries import case_for
from sanderling.core.words import say
from sanderling.respond.actions import save_draft
from sanderling.respond.liking import CannotLike, like
from sanderling.respond.queries import drafts_of
from sanderling.triage.queries import verdict_of
from sanderling.web import clock, wording
from sanderling.web.agents import me
from sanderling.web.answers import Unfit, act, done
from sanderling.wiring import network_for

THANKS = {
    "en": "Thank you, {who}. We will pass this on to the people who did it.",
    "de": "Vielen Dank, {who}. Wir geben das an alle weiter, die daran gearbeitet haben.",
    "es": "Muchas gracias, {who}. Se lo diremos a quienes lo hicieron posible.",
    "fr": "Merci beaucoup, {who}. Nous transmettons cela à celles et ceux qui l’ont fait.",
}
QUOTES = {
    "en": "May we quote your words, {who}, with your name? A yes here is enough.",
    "de": "Dürfen wir Ihre Worte mit Ihrem Namen zitieren, {who}? Ein Ja hier genügt.",
    "es": "¿Podemos citar sus palabras con su nombre, {who}? Basta con un sí aquí.",
    "fr": "Pouvons-nous citer vos mots avec votre nom, {who} ? Un oui ici suffit.",
}
"""Words to begin with, in the customer's language where we have them; the agent sends them."""


@act
def praise(request: HttpRequest, case_id: int) -> HttpResponse:
    """One of the acts on a customer's praise; nothing here sends a post."""
    do = request.POST.get("do", "")
    if do == "thank":
        return _begin(
            request, case_id, THANKS, say("The thanks are in the box. Send them when you like.")
        )
    if do == "quote asked":
        answered = _begin(request, case_id, QUOTES, say("The question is in the box."))
        praising.consent(case_id=case_id, said="quote asked", by=me(request).id, now=clock.now())
        return answered
    if do == "like":
        return _like(request, case_id)
    if do in get_args(Consent):
        praising.consent(case_id=case_id, said=do, by=me(request).id, now=clock.now())  # type: ignore[arg-type]  # looked up above
        return done(request, f"/case/{case_id}/", says=say("Written down."))
    raise Unfit(say("The desk does not know that act."), status=422)


def _begin(request: HttpRequest, case_id: int, words: dict[str, str], says: str) -> HttpResponse:
    """Words for a public answer, in the composer; what stands there already stays above them."""
    agent, case = me(request), case_for(me(request).id, case_id)
    verdict = verdict_of(case.about_post)
    lang = verdict.lang.partition("-")[0] if verdict else "en"
    who = wording.first_name(case.customer.who.name, case.customer.who.handle)
    begun = words.get(lang, words["en"]).format(who=who)
    before = next((d.text for d in drafts_of(case_id, agent.id) if d.room == "public"), "")
    text = f"{before}\n{begun}".strip() if begun not in before else before
    save_draft(case_id=case_id, agent_id=agent.id, room="public", text=text, now=clock.now())
    return done(request, f"/case/{case_id}/", says=says, drafts={"public": text})


def _like(request: HttpRequest, case_id: int) -> HttpResponse:
    try:
        like(case_id=case_id, by=me(request).id, now=clock.now(), network_for=network_for)
    except CannotLike as error:
        raise Unfit(str(error)) from error
    return done(request, f"/case/{case_id}/", says=say("Liked."))
