-- An agent's cases that wait for us, due first; index case_owner.
select id, due_at
from cases_case
where state in ('new', 'open') and not snoozed and owner_id = %(agent)s
  and (due_at, id) > (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by due_at, id
limit %(limit)s
