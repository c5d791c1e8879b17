"""The river holds in SQL too: a stage reads its own tables and those upstream, writes its own."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from house.house import RIVER, ROOT, SOURCE, texts

FILES = sorted(str(file.relative_to(ROOT)) for file in SOURCE.glob("**/sql/*.sql"))
OF_STAGES = [name for name in FILES if not name.startswith("src/sanderling/bench/")]
"""Benchmarks stand above the river: they build whole desks to measure, in folders thrown away."""
WRITES = (
    r"\b(?:insert\s+into|delete\s+from|merge\s+into|(?<!for )(?<!key )(?<!do )update)"
    r"\s+(?:only\s+)?\"?(\w+)"
)


def tables() -> dict[str, str]:
    """Each table with the stage that owns it."""
    return {model._meta.db_table: model._meta.app_label for model in apps.get_models()}


def code(text: str) -> str:
    """The statement without comments and quoted text, in small letters."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", text, flags=re.S).lower()


def read(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", code(text)) if word in tables()}


def written(text: str) -> set[str]:
    return {word for word in re.findall(WRITES, code(text)) if word not in ("set", "of")}


@pytest.mark.parametrize("name", FILES)
def test_the_statement_says_what_it_is_for(name):
    first = (ROOT / name).read_text().split("\n", 1)[0]
    assert re.match(r"-- \S+( \S+){2,}", first), f"{name} begins with {first!r}"


@pytest.mark.parametrize("name", OF_STAGES)
def test_the_statement_keeps_to_the_river(name):
    stage = name.split("/")[2]
    if stage not in RIVER:
        pytest.fail(f"{name}: only a stage has statements of its own.")
    upstream = {"store", *RIVER[: RIVER.index(stage) + 1]}
    text = (ROOT / name).read_text()
    owner = tables()
    assert {table for table in read(text) if owner[table] in RIVER} <= {
        table for table in owner if owner[table] in upstream
    }
    assert {table for table in written(text) if owner.get(table, stage) != stage} == set()


def test_what_a_statement_reads_and_writes_is_seen():
    text = """-- for nothing but this test
    with w as (update cases_case c set title = 'from listen_post' from listen_post p
               where p.id = c.id returning 1)
    insert into cases_tally (n) select 1 from triage_x -- respond_outgoing
    on conflict (n) do update set n = 2 for update of c"""
    assert written(text) == {"cases_case", "cases_tally"}
    assert "listen_post" in read(text)
    assert "respond_outgoing" not in code(text)


@pytest.mark.parametrize("name", FILES)
def test_the_statement_is_used(name):
    _, _, stage, _, file = name.split("/")
    statement = f"{stage}/{file.removesuffix('.sql')}"
    assert any(re.fullmatch(run, statement) for run in statements_run()), "nobody runs it"


def statements_run() -> set[str]:
    """The names of statements in the program; what it fills in at run time matches any word."""
    named = rf'"((?:{"|".join(RIVER)}|bench)/[\w{{}}.]+)"'
    found = (name for _, text in texts("src/*.py") for name in re.findall(named, text))
    return {re.sub(r"\{[^}]*\}", r"\\w+", name) for name in found}
