"""Whom the register is asked about: claimed by one, and put off."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from factories import NOW
from sanderling.core.customers import Sought
from sanderling.listen.asking import claim, put_off
from sanderling.listen.models import Identity

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_who_is_claimed_is_claimed_once_until_they_are_due_again():
    who = [factories.identity("Olga", network="x", handle="olga").pk]
    assert claim(who, now=NOW, again=NOW + MINUTE) == {who[0]: Sought("x", "olga", "")}
    assert claim(who, now=NOW, again=NOW + MINUTE) == {}
    assert list(claim(who, now=NOW + MINUTE, again=NOW + 2 * MINUTE)) == who


def test_who_is_put_off_is_due_then_and_nobody_else_is_touched():
    olga, omar = (factories.identity(name).pk for name in ("Olga", "Omar"))
    put_off([olga], until=NOW + MINUTE)
    assert list(claim([olga, omar], now=NOW, again=NOW + MINUTE)) == [omar]
    put_off([], until=NOW)
    assert claim([], now=NOW, again=NOW) == {}
    assert Identity.objects.get(pk=olga).ask_at == NOW + MINUTE
