-- What happened to clocks, in the order of what happened; append-only.
insert into cases_clockfact (case_id, turn_id, kind, fact, at, due_at, policy, rule)
select case_id, turn, kind, fact, %(now)s, due_at, policy, rule
from json_to_recordset(%(rows)s::json) r(
    case_id bigint, turn bigint, kind text, fact text, due_at timestamptz, policy int, rule text)
on conflict do nothing
