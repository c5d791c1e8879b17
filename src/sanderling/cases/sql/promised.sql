-- What was promised in a case, turn by turn; primary key (case, turn, kind).
select kind, started_at, due_at, rule, policy, warned_at, broken_at, met_at, void_at
from cases_clock where case_id = %(case)s
order by started_at, due_at, kind
