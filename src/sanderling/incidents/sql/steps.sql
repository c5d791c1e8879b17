-- The steps of an incident with who owes each: who took it, else who has its role; indexes step_place, role_held.
select s.id, s.text, s.role, s.owner_id is not null, s.due_at, s.done_at, s.skipped,
       s.every is not null, s.times, a.id, a.name, a.initials, a.avatar, a.is_lead, d.name
from incidents_step s
left join incidents_role r on r.incident_id = s.incident_id and r.role = s.role and r.until is null
left join people_agent a on a.id = coalesce(s.owner_id, r.agent_id)
left join people_agent d on d.id = s.done_by_id
where s.incident_id = %(incident)s
order by s.place
