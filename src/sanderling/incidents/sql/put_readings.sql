-- A point on the path of each incident, one a minute; index reading_once.
insert into incidents_reading (incident_id, at, rate, reach, level)
select r.id, %(at)s, r.rate, r.reach, r.level
from json_to_recordset(%(rows)s::json) r(id bigint, rate float8, reach float8, level text)
on conflict (incident_id, at) do nothing
