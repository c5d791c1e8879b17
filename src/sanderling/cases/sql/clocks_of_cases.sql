-- The clocks of some cases that their stories start and stop; primary key (case, turn, kind). A follow-up is begun and ended by cases.rooms.
select case_id, turn_id, kind, started_at, due_at, policy, rule, hours,
    coalesce(budget, due_at - started_at), next_at, warned_at, broken_at, met_at, void_at
from cases_clock where case_id = any(%(ids)s) and kind <> 'follow up'
