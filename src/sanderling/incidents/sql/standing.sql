-- What stands, and what the gauge last showed of it; indexes incident_stands, move_of_row.
select i.id, i.state, i.began_at, i.why, i.gauge, (
    select count(*) from store_move m
    where m.kind = 'incident' and m.row = i.id and m.move = 'flare up'
)
from incidents_incident i
where i.state in ('suspected', 'confirmed', 'eased')
order by i.id
