"""Whatever a network says, an agent reads a sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.refusals import NO_REASON, plainly


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("They have blocked you.", "They have blocked you."),
        ("duplicate content", "Duplicate content."),
        ("X answered 403 without a reason.", "X refused it and gave no reason."),
        ('{"errors": [{"code": 187}]}', NO_REASON),
        ("<html><body>Bad gateway</body></html>", NO_REASON),
        ("HTTP/1.1 403: Forbidden", "Forbidden."),
        ("403 Forbidden", "Forbidden."),
        ("", NO_REASON),
        ("403", NO_REASON),
        ("A post may have 300 characters; this has 412 characters.",
         "A post may have 300 characters; this has 412 characters."),
        ("Nichts zu machen!\n Bitte warten", "Nichts zu machen! Bitte warten."),
    ],
)  # fmt: skip
def test_what_networks_say_is_told_in_a_sentence(said: str, read: str) -> None:
    assert plainly(said) == read


@given(st.text(max_size=300))
def test_it_is_always_a_sentence_and_never_a_payload(said: str) -> None:
    read = plainly(said)
    assert read
    assert read[-1] in ".!?…。！？"
    assert not re.match(r"\s*[\[{<]", read)
    assert plainly(read) == read or NO_REASON in (read, plainly(read))
