-- Clocks that are about to break or just broke, locked with their cases; index clock_next. Waits for nobody.
select k.case_id, k.turn_id, k.kind, k.started_at, k.due_at, k.policy, k.rule, k.hours,
    coalesce(k.budget, k.due_at - k.started_at), k.next_at, k.warned_at, k.broken_at, k.met_at,
    k.void_at, c.snoozed
from cases_clock k
join cases_case c on c.id = k.case_id
where k.next_at <= %(now)s
order by k.next_at
limit %(limit)s
for update of k, c skip locked
