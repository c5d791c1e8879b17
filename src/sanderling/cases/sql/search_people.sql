-- People whose handle or name begins so, each with their newest case; indexes identity_by_handle and identity_by_name, then case_of_requester.
select i.id, i.name, i.handle, i.network, i.avatar, i.followers, newest.id
from (
    select id from listen_identity
    where lower(handle) collate "C" >= %(from)s collate "C" and lower(handle) collate "C" < %(until)s collate "C"
    union
    select id from listen_identity
    where lower(name) collate "C" >= %(from)s collate "C" and lower(name) collate "C" < %(until)s collate "C"
) found
join listen_identity i on i.id = found.id
left join lateral (
    select c.id from cases_case c where c.requester_id = i.id and c.state <> 'merged'
    order by c.id desc limit 1
) newest on true
where i.id < %(before)s
order by i.id desc
limit %(limit)s
