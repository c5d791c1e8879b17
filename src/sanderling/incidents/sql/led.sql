-- Who had which role of an incident, in the order in which they had it; the key of roles to their incident.
select r.role, a.name
from incidents_role r
join people_agent a on a.id = r.agent_id
where r.incident_id = %(incident)s
order by r.since, r.id
