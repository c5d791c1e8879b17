-- Steps that what stands reached lately, for a lead or who has a role in it; indexes incident_stands, alert_once.
select a.id, i.id, i.name, i.drill_id is not null, a.step, a.says
from incidents_incident i
join incidents_alert a on a.incident_id = i.id
where i.state in ('suspected', 'confirmed', 'eased') and a.id > %(after)s and a.at >= %(since)s
  and (%(lead)s or exists (select from incidents_role r
                           where r.incident_id = i.id and r.agent_id = %(agent)s and r.until is null))
order by a.id desc
limit %(limit)s
