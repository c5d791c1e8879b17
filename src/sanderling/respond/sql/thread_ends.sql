-- By account, the newest post of ours about an incident that stands: what comes next goes under it; outgoing_of_broadcast, the key of posts.
select distinct on (o.account_id) o.account_id, o.remote_id
from respond_broadcast b
join respond_outgoing o on o.broadcast_id = b.id and o.state = 'sent' and o.remote_id is not null
join listen_account a on a.id = o.account_id
where b.incident_id = %(incident)s and not exists (
    select from listen_post p
    where p.network = a.network and p.remote_id = o.remote_id and p.scope = 0 and p.deleted_at is not null
)
order by o.account_id, o.id desc
