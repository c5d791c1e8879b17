-- Answers and public statuses that only a person can help: refused, or nobody knows whether they stand; the oldest first; outgoing_not_sent, then primary keys.
select o.id, o.case_id, b.incident_id, coalesce(c.title, i.name), o.room, o.text, o.trouble, o.state,
    o.created_at, by.name, coalesce(who.name, acc.name), coalesce(who.handle, acc.handle), acc.network
from respond_outgoing o
left join cases_case c on c.id = o.case_id
left join respond_broadcast b on b.id = o.broadcast_id
left join incidents_incident i on i.id = b.incident_id
left join listen_identity who on who.id = c.requester_id
join listen_account acc on acc.id = o.account_id
join people_agent by on by.id = o.by_id
where o.state in ('failed', 'unsure') and (o.state = 'failed' or o.wake_at is null)
order by o.created_at, o.id
limit %(limit)s
