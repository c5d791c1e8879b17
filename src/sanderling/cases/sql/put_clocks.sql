-- Clocks of turns, and how they ended; primary key (case, turn, kind). The due time is never rewritten.
insert into cases_clock as k (case_id, turn_id, kind, started_at, due_at, policy, met_at, void_at)
select case_id, turn, kind, started_at, due_at, %(policy)s, met_at, void_at
from json_to_recordset(%(rows)s::json) r(
    case_id bigint, turn bigint, kind text, started_at timestamptz, due_at timestamptz,
    met_at timestamptz, void_at timestamptz)
order by case_id, turn, kind
on conflict (case_id, turn_id, kind) do update
set met_at = excluded.met_at, void_at = excluded.void_at
