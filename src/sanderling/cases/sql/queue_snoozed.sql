-- Cases put aside, those that wake first on top; index case_wake.
select id, wake_at
from cases_case
where wake_at is not null and snoozed
  and (wake_at, id) > (%(at)s::timestamptz, %(id)s)
order by wake_at, id
limit %(limit)s
