-- Steps that incidents reached, each once an episode; gives those that are new. Index alert_once.
insert into incidents_alert (incident_id, step, episode, says, at, again_at, tries, trouble, told)
select r.incident, r.step, r.episode, r.says, %(now)s, r.again_at, 0, '', '{}'
from json_to_recordset(%(rows)s::json)
     r(incident bigint, step text, episode smallint, says text, again_at timestamptz)
on conflict (incident_id, step, episode) do nothing
returning incident_id, step
