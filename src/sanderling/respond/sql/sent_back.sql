-- Answers of an agent that were sent back and not written anew since, newest first; primary keys.
select a.id, o.case_id, o.room, i.name, i.handle, i.network, i.avatar, a.was, a.note,
    coalesce(who.name, ''), a.decided_at
from respond_approval a
join respond_outgoing o on o.id = a.outgoing_id
join cases_case c on c.id = o.case_id
join listen_identity i on i.id = c.requester_id
left join people_agent who on who.id = a.decided_by_id
where o.by_id = %(agent)s and o.helper = '' and a.decision = 'sent back'
    and a.decided_at > %(since)s and c.state not in ('resolved', 'closed', 'merged')
    and not exists (
        select from respond_outgoing later
        where later.case_id = o.case_id and later.room = o.room and later.id > o.id
            and later.by_id = o.by_id
    )
order by a.id desc
limit %(limit)s
