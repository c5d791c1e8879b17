"""The company's own layer: learns its words, keeps what was known, goes live only if better."""

from __future__ import annotations

import pytest

from sanderling.core.judging.layer import Figures, Layer, Lesson, learn
from sanderling.core.judging.weights import fast

WHEN = ("today", "again", "at work", "this morning", "since monday", "lol", "for days")


def lessons(kind: str = "complaint", tone: str = "annoyed") -> list[Lesson]:
    return [
        Lesson(n, f"@acme my gizmo went zorp {WHEN[n % len(WHEN)]}", "en", kind, tone)
        for n in range(60)
    ]


@pytest.fixture(scope="module")
def learnt():
    return learn(fast(), lessons())


def test_a_layer_learns_what_was_said_and_passes_the_gate(learnt):
    _, figures = learnt
    assert figures.lessons + figures.held_back == 60
    assert figures.met > figures.met_before
    assert figures.passes


def test_what_was_held_back_taught_nothing(learnt):
    layer, _ = learnt
    other = [
        lesson if not lesson.held_back else lesson._replace(text="quite another", kind="praise")
        for lesson in lessons()
    ]
    again, _ = learn(fast(), other)
    assert again.columns["kind"].tolist() == layer.columns["kind"].tolist()
    assert (again.table["kind"] == layer.table["kind"]).all()


def test_a_layer_survives_packing(learnt):
    layer, _ = learnt
    back = Layer.unpack(layer.pack())
    assert (back.on(fast().model).table == layer.on(fast().model).table).all()


def test_the_model_beneath_stays_as_it_was(learnt):
    layer, _ = learnt
    before = fast().model.table.copy()
    layer.on(fast().model)
    assert (fast().model.table == before).all()


def test_what_is_no_layer_is_refused():
    with pytest.raises(ValueError, match="no layer"):
        Layer.unpack(b"nonsense")


@pytest.mark.parametrize(
    ("met", "shipped", "passes"),
    [(0.6, 0.5, True), (0.5, 0.5, False), (0.6, 0.48, False), (0.6, 0.495, True)],
)
def test_the_gate_wants_better_and_no_worse(met, shipped, passes):
    figures = Figures(20, 10, met_before=0.5, met=met, shipped_before=0.5, shipped=shipped)
    assert figures.passes is passes
