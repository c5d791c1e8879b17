-- The next open promise that is due soon or late and of which nobody was told; index promise_due.
select id, case_id
from cases_promise
where due_at <= %(until)s::timestamptz and kept_at is null and dropped_at is null
  and warned_at is null
order by due_at, id
limit 1
