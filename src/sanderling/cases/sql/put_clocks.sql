-- Clocks of turns, and how they ended; primary key (case, turn, kind). What was promised is never rewritten once a clock has ended.
insert into cases_clock as k (case_id, turn_id, kind, started_at, due_at, policy, rule, hours,
    budget, next_at, warned_at, broken_at, met_at, void_at)
select case_id, turn, kind, started_at, due_at, policy, rule, hours,
    make_interval(secs => budget), next_at, warned_at,
    broken_at, met_at, void_at
from json_to_recordset(%(rows)s::json) r(
    case_id bigint, turn bigint, kind text, started_at timestamptz, due_at timestamptz,
    policy int, rule text, hours text, budget double precision, next_at timestamptz,
    warned_at timestamptz, broken_at timestamptz, met_at timestamptz, void_at timestamptz)
order by case_id, turn, kind
on conflict (case_id, turn_id, kind) do update
set due_at = excluded.due_at, policy = excluded.policy, rule = excluded.rule,
    hours = excluded.hours, budget = excluded.budget, next_at = excluded.next_at,
    warned_at = excluded.warned_at, broken_at = excluded.broken_at, met_at = excluded.met_at,
    void_at = excluded.void_at
