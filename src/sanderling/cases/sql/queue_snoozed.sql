-- Cases put aside, those that wake first on top; index case_snoozed.
select id, wake_at
from cases_case
where snoozed
  and (wake_at, id) > (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by wake_at, id
limit %(limit)s
