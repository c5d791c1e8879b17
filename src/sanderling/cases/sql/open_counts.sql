-- How many cases wait for us and how many for customers, of a team and of what has none, or of all, from the kept counters; primary key (state, owner, team, snoozed, slot).
select coalesce(sum(n) filter (where state <> 'waiting'), 0),
       coalesce(sum(n) filter (where state = 'waiting'), 0)
from cases_tally
where state in ('new', 'open', 'waiting') and not snoozed
  and (%(team)s = 0 or team in (0, %(team)s))
