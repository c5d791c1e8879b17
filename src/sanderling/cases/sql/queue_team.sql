-- Everyone's cases that wait for us, due first; index case_team.
select id, due_at
from cases_case
where state in ('new', 'open') and not snoozed
  and (due_at, id) > (%(at)s::timestamptz, %(id)s)
order by due_at, id
limit %(limit)s
