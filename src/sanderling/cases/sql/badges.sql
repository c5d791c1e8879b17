-- How many cases stand in each queue, from the kept counters; primary key (state, owner, snoozed, slot).
select coalesce(sum(n) filter (where not snoozed and state <> 'waiting' and owner = %(agent)s), 0),
       coalesce(sum(n) filter (where not snoozed and state <> 'waiting' and owner = 0), 0),
       coalesce(sum(n) filter (where not snoozed and state <> 'waiting'), 0),
       coalesce(sum(n) filter (where not snoozed and state = 'waiting'), 0),
       coalesce(sum(n) filter (where snoozed), 0)
from cases_tally
where state in ('new', 'open', 'waiting')
