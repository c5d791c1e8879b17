"""The words of the query language are explained, all of them and truly."""

from __future__ import annotations

import pytest

from sanderling.core.query import parse
from sanderling.core.query.parse import _OPERATORS
from sanderling.core.query.words import EXAMPLES, OPERATORS


def test_every_operator_is_explained():
    assert {o.name for o in OPERATORS} == set(_OPERATORS)


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda o: o.name)
def test_every_value_that_is_offered_can_be_read(operator):
    for value, _ in operator.values:
        parse(f"{operator.name}:{value}")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.query)
def test_every_example_can_be_read(example):
    parse(example.query)
