-- Cases that wait for the customer, longest first; index case_waiting.
select id, last_at
from cases_case
where state = 'waiting' and not snoozed
  and (last_at, id) > (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by last_at, id
limit %(limit)s
