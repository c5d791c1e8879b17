-- Answers that only a person can help: refused, or nobody knows whether they stand; the oldest first; outgoing_not_sent, then primary keys.
select o.id, o.case_id, c.title, o.room, o.text, o.trouble, o.state, o.created_at,
    by.name, who.name, who.handle, acc.network
from respond_outgoing o
join cases_case c on c.id = o.case_id
join listen_identity who on who.id = c.requester_id
join listen_account acc on acc.id = o.account_id
join people_agent by on by.id = o.by_id
where o.state in ('failed', 'unsure') and (o.state = 'failed' or o.wake_at is null)
order by o.created_at, o.id
limit %(limit)s
