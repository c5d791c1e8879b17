-- Alerts that have to be told outside, longest due first, each to one worker; index alert_unsent.
update incidents_alert a
set tries = a.tries + 1, again_at = %(now)s::timestamptz + %(lease)s::interval
from incidents_incident i
where i.id = a.incident_id and a.id in (
    select due.id from incidents_alert due
    where due.sent_at is null and due.again_at <= %(now)s
    order by due.again_at
    limit %(limit)s
    for update skip locked
)
returning a.id, a.incident_id, a.step, a.says, a.tries, a.told, i.name, i.drill_id is not null
