-- Who the posts that ours answer belong to; unique (network, scope, remote_id).
select p.remote_id, case when p.direction = 'theirs' then p.author_id else c.customer_id end,
    exists (select from cases_orphan o where o.post_id = p.id)
from listen_post p
left join cases_placement c on c.post_id = p.id
where p.network = %(network)s and p.scope = 0 and p.remote_id = any(%(remote_ids)s)
