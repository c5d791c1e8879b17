-- Customers who were invited to messages long ago and never came, longest first; index case_invited.
select id, invited_at
from cases_case
where invited_at is not null and came_at is null and invited_at <= %(before)s::timestamptz
  and state in ('new', 'open', 'waiting')
  and (invited_at, id) > (%(at)s::timestamptz, %(id)s)
order by invited_at, id
limit %(limit)s
