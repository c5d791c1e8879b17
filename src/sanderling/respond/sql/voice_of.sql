-- Who speaks for an incident, if somebody does; role_held.
select a.id, a.name from incidents_role r
join people_agent a on a.id = r.agent_id
where r.incident_id = %(incident)s and r.role = 'voice' and r.until is null
