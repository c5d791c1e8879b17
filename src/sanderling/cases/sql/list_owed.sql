-- Cases that owe a public follow-up, longest first; index case_owed. One that became part of another leads there.
select id, owed_at
from cases_case
where owed_at is not null and followed_at is null and owed_at <= %(before)s::timestamptz
  and (owed_at, id) > (%(at)s::timestamptz, %(id)s)
order by owed_at, id
limit %(limit)s
