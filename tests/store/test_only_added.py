"""History is only added to: the database refuses anything else, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["store_move", "cases_clockfact"])
@pytest.mark.parametrize("change", ["delete from {}", "update {} set at = now()"])
def test_what_happened_can_neither_be_changed_nor_taken_away(table: str, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="rows are only added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))
