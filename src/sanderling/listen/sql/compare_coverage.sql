-- How many of the posts that a network lists for each day stand here; unique (network, scope, remote_id).
insert into listen_coverage
    (account_id, day, polled, streamed, pushed, repaired, listed, seen, missed_at)
select a.id, r.day, 0, 0, 0, 0, count(*), count(p.id), null
from json_to_recordset(%(rows)s::json) r(remote_id text, day date)
join listen_account a on a.id = %(account)s
left join listen_post p
    on p.network = a.network and p.scope in (0, a.id) and p.remote_id = r.remote_id
group by a.id, r.day
order by r.day
on conflict (account_id, day) do update set listed = excluded.listed, seen = excluded.seen
where excluded.listed >= listen_coverage.listed
