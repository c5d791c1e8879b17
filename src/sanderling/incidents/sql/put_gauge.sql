-- What the gauge shows of incidents, as measured now.
update incidents_incident i
set gauge = r.gauge, level = r.level, gauged_at = %(now)s
from json_to_recordset(%(rows)s::json) r(id bigint, gauge jsonb, level text)
where i.id = r.id
