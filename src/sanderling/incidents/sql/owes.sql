-- Who is told that a step is late: who took it, else its role, else the lead, else every team lead; index role_held.
select coalesce(s.owner_id, r.agent_id, l.agent_id, a.id)
from incidents_step s
left join incidents_role r on r.incident_id = s.incident_id and r.role = s.role and r.until is null
left join incidents_role l on l.incident_id = s.incident_id and l.role = 'lead' and l.until is null
left join people_agent a on a.is_lead and a.is_active
  and s.owner_id is null and r.agent_id is null and l.agent_id is null
where s.id = %(step)s and coalesce(s.owner_id, r.agent_id, l.agent_id, a.id) is not null
