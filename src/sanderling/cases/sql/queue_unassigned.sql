-- Nobody's cases that wait for us, due first; index case_owner (the owner in the order lets it serve).
select id, due_at
from cases_case
where state in ('new', 'open') and not snoozed and owner_id is null
  and (due_at, id) > (%(at)s::timestamptz, %(id)s)
order by owner_id, due_at, id
limit %(limit)s
