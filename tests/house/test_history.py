"""History is only ever added to: nothing in the program changes or deletes a move, a correction, a
clock's fact or a version of the policy."""

from __future__ import annotations

import ast
import re

from django.apps import apps
from django.db import models

from house.house import texts
from house.test_sql import code

KEPT = {
    "Move": "store_move",
    "ClockFact": "cases_clockfact",
    "Correction": "triage_correction",
}
"""Tables that are history, by the names of their models."""
CHANGES = ("update", "delete", "bulk_update", "update_or_create", "raw", "save")


def changes_in(text: str) -> list[int]:
    """Lines of a module that change or delete a row of KEPT by way of its model."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = {n.id for n in ast.walk(node.func) if isinstance(n, ast.Name)}
            if node.func.attr in CHANGES and names & set(KEPT):
                found.append(node.lineno)
    return found


def rewritten(text: str) -> list[str]:
    """Tables of KEPT that a statement updates, deletes from, empties or drops."""
    tables = "|".join(KEPT.values())
    verbs = r"(?:update|delete\s+from|truncate|merge\s+into|drop\s+table)"
    changes = rf"\b{verbs}\s+(?:table\s+)?(?:only\s+)?\"?({tables})\b"
    return re.findall(changes, code(text))


def test_no_code_changes_or_deletes_history():
    broken = [
        f"{name}:{line}"
        for name, text in texts("src/*.py")
        if "/migrations/" not in name
        for line in changes_in(text)
    ]
    assert not broken, "History is only added to: " + ", ".join(broken)


def test_no_statement_changes_or_deletes_history():
    broken = [name for name, text in texts("src/*.sql") if rewritten(text)]
    texts_in_code = [name for name, text in texts("src/*.py") if rewritten(text)]
    assert not broken + texts_in_code


def test_no_row_of_history_goes_with_another():
    """Nothing that history points to can be deleted under it, nor take it along."""
    keys = [
        field
        for model in apps.get_models()
        if model.__name__ in KEPT
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]
    assert keys
    assert [str(k) for k in keys if k.remote_field.on_delete is not models.PROTECT] == []


def test_the_search_finds_what_it_looks_for():
    bad = "Move.objects.filter(row=1).update(note='')\nself.x.delete()\nMove.objects.create(row=1)"
    assert changes_in(bad) == [1]
    assert rewritten("update store_move set note = ''") == ["store_move"]
    assert rewritten("delete  from only cases_clockfact where true") == ["cases_clockfact"]
    assert rewritten("insert into store_move select 1 for update of c") == []
