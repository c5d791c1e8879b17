-- History of many rows at once.
insert into store_move (kind, row, was, now, move, by_id, at, note)
select kind, "row", was, now, move, by, at, coalesce(note, '')
from json_to_recordset(%(rows)s::json) r(
    kind text, "row" bigint, was text, now text, move text, at timestamptz, by bigint, note text)
