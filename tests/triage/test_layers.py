"""What was learnt: one layer is live at most, and rolling back leads to the one before."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from river import minutes
from sanderling.triage.layers import HEAVIEST, NoSuchLayer, go_live, keep_layer, roll_back
from sanderling.triage.models import Layer
from sanderling.triage.queries import layers, live_layer, live_layer_id

pytestmark = pytest.mark.django_db


def a_layer(note: str = "", weights: bytes = b"\0w") -> int:
    return keep_layer(
        base="fast-1", weights=weights, figures={"f1": 0.7}, note=note, now=minutes(0)
    )


def test_a_layer_is_kept_whole_and_judges_only_once_it_is_live():
    number = a_layer("nightly")
    assert live_layer() is None
    go_live(layer_id=number, now=minutes(1))
    assert live_layer() == (number, "fast-1", b"\0w")
    (row,) = layers()
    assert (row.id, row.base, row.figures, row.note, row.live, row.live_from) == (
        number, "fast-1", {"f1": 0.7}, "nightly", True, minutes(1))  # fmt: skip


def test_rolling_back_leads_to_the_layer_before_and_at_last_to_none():
    first, never, second = a_layer(), a_layer(), a_layer()
    go_live(layer_id=first, now=minutes(1))
    go_live(layer_id=second, now=minutes(2))
    go_live(layer_id=second, now=minutes(3))
    assert [roll_back(), live_layer_id()] == [first, first]
    assert [roll_back(), live_layer_id()] == [None, None]
    assert roll_back() is None
    assert [row.id for row in layers()] == [second, never, first]
    go_live(layer_id=second, now=minutes(4))
    assert roll_back() == first


def test_two_layers_cannot_be_live():
    go_live(layer_id=a_layer(), now=minutes(1))
    other = a_layer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Layer.objects.filter(pk=other).update(live=True, live_from=minutes(2))


def test_a_layer_that_is_not_there_changes_nothing():
    number = a_layer()
    go_live(layer_id=number, now=minutes(1))
    with pytest.raises(NoSuchLayer):
        go_live(layer_id=number + 1, now=minutes(2))
    assert live_layer_id() == number


def test_too_heavy_a_layer_is_refused():
    a_layer(weights=bytes(HEAVIEST))
    with pytest.raises(ValueError, match="8,388,608 bytes"):
        a_layer(weights=bytes(HEAVIEST + 1))
