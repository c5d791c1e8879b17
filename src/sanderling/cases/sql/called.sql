-- The newest case of those whose handle or name begins so, newest first; indexes identity_by_handle and identity_by_name, then case_of_requester.
select newest.id
from (
    (select id from listen_identity
     where lower(handle) collate "C" >= %(from)s collate "C" and lower(handle) collate "C" < %(until)s collate "C"
     order by lower(handle) collate "C" limit 50)
    union
    (select id from listen_identity
     where lower(name) collate "C" >= %(from)s collate "C" and lower(name) collate "C" < %(until)s collate "C"
     order by lower(name) collate "C" limit 50)
) found
cross join lateral (
    select c.id from cases_case c
    where c.requester_id = found.id and c.merged_into_id is null
    order by c.id desc
    limit 1
) newest
order by newest.id desc
limit %(limit)s
