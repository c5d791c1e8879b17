-- What an agent did, newest first, each with its case or incident; index move_of_agent, then primary keys.
select m.id, m.at, m.kind, m.move, m.was, m.now, m.note, c.id, coalesce(nullif(who.name, ''), who.handle, ''),
    b.incident_id
from store_move m
left join respond_outgoing o on m.kind = 'outgoing' and o.id = m.row
left join respond_broadcast b on b.id = o.broadcast_id
left join cases_case c on c.id = case when m.kind = 'case' then m.row else o.case_id end
left join listen_identity who on who.id = c.requester_id
where m.by_id = %(agent)s and m.id < %(before)s
order by m.id desc
limit %(limit)s
