-- Resolved cases that have not closed yet, newest first (they close in the order they were resolved); index case_wake.
select id, wake_at
from cases_case
where wake_at is not null and state = 'resolved'
  and (wake_at, id) < (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by wake_at desc, id desc
limit %(limit)s
