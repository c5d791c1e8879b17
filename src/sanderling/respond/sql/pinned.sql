-- What the newest public word about a case's incident gives colleagues to answer with; primary keys, outgoing_of_broadcast.
select i.id, i.name, b.pinned, b.at
from cases_case c
join incidents_incident i on i.id = c.incident_id
join lateral (
    select b.pinned, b.at
    from respond_broadcast b
    where b.incident_id = i.id and exists (
        select from respond_outgoing o where o.broadcast_id = b.id and o.state = 'sent'
    )
    order by b.id desc
    limit 1
) b on b.pinned <> ''
where c.id = %(case)s and i.state in ('confirmed', 'eased', 'over')
