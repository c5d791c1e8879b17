"""The one place that touches a cursor: named SQL files, and rows as tuples.

SQL for a stage lives in `<stage>/sql/<name>.sql`; its first line says what it is for. Rows travel
to the database as one JSON parameter (`json_to_recordset`), which costs less than half of what
arrays cost (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection
from psycopg import adapters
from psycopg.pq import Format

import sanderling

Row = tuple[Any, ...]
_HOUSE = Path(sanderling.__file__).parent
_encode = msgspec.json.Encoder().encode
# Django reads times in Python; connections speak UTC, so the driver's own reader says the same.
_TIMES = "timestamptz"
_read_times = adapters.get_loader(adapters.types[_TIMES].oid, Format.TEXT)


@cache
def statement(name: str) -> str:
    """The text of `<stage>/<name>`, read once; raises FileNotFoundError for a wrong name."""
    stage, file = name.split("/")
    return (_HOUSE / stage / "sql" / f"{file}.sql").read_text()


def as_json(rows: Any) -> str:
    """Rows as one JSON parameter for `json_to_recordset`."""
    return _encode(rows).decode()


def from_json(value: Any) -> Any:
    """JSON as the driver gave it: text where Django reads jsonb itself, else already decoded."""
    return msgspec.json.decode(value) if isinstance(value, str) else value


NARROWED = "/* narrowed */"
"""Where further conditions may stand in a statement."""


def fetch(name: str, params: Mapping[str, Any], narrowed: str = "") -> list[Row]:
    """Run a named statement and return its rows.

    `narrowed` stands where the statement says NARROWED: conditions that begin with `and`, put
    together from fixed texts. Whatever comes from outside is in `params`.
    """
    with connection.cursor() as cursor:
        cursor.adapters.register_loader(_TIMES, _read_times)
        cursor.execute(statement(name).replace(NARROWED, narrowed), params)
        rows: list[Row] = cursor.fetchall()
    return rows


def run(name: str, params: Mapping[str, Any]) -> int:
    """Run a named statement that returns nothing; gives the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)
        touched: int = cursor.rowcount
    return touched


def run_text(text: str, params: Mapping[str, Any]) -> list[Row]:
    """Run one of the store's own short statements; rows if it returns any."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.fetchall() if cursor.description else []
