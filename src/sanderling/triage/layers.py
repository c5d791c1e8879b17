"""What was learnt from corrections, on top of a judge: kept, live or rolled back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sanderling.core.words import figure, say
from sanderling.store.sql import run_text
from sanderling.triage.models import Layer

HEAVIEST = 8 * 2**20
"""Bytes of a layer's weights."""


class NoSuchLayer(Exception):
    """There is no layer with this number."""


def keep_layer(
    *, base: str, weights: bytes, figures: Mapping[str, Any], note: str = "", now: datetime
) -> int:
    """Keep a layer made for the judge `base`, not live yet; gives its number.

    Raises ValueError if its weights have more than HEAVIEST bytes.
    """
    if len(weights) > HEAVIEST:
        raise ValueError(
            say(
                "A layer may have {most} bytes; this has {n}.",
                most=figure(HEAVIEST),
                n=figure(len(weights)),
            )
        )
    layer = Layer(made_at=now, base=base, weights=weights, figures=dict(figures), note=note)
    layer.save()
    return layer.pk


@transaction.atomic
def go_live(*, layer_id: int, now: datetime) -> None:
    """Judge with this layer from now on; the one before is kept. Raises NoSuchLayer."""
    _alone()
    layer = Layer.objects.filter(pk=layer_id).first()
    if layer is None:
        raise NoSuchLayer(say("There is no layer {number}.", number=layer_id))
    if not layer.live:
        Layer.objects.filter(live=True).update(live=False)
        Layer.objects.filter(pk=layer_id).update(live=True, live_from=now)


@transaction.atomic
def roll_back() -> int | None:
    """Judge with the layer before the live one again; None: with no layer at all."""
    _alone()
    live = Layer.objects.filter(live=True).first()
    if live is None:
        return None
    Layer.objects.filter(pk=live.pk).update(live=False)
    before = Layer.objects.filter(live_from__lt=live.live_from).order_by("-live_from").first()
    if before is None:
        return None
    Layer.objects.filter(pk=before.pk).update(live=True)
    return before.pk


def _alone() -> None:
    """Nobody else changes which layer is live until this transaction ends."""
    run_text("select pg_advisory_xact_lock(10, 0)", {})
