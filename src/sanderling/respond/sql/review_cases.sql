-- The cases of an incident, and which of them are open; index case_of_incident.
select id, state not in ('resolved', 'closed', 'withdrawn', 'merged')
from cases_case
where incident_id = %(incident)s
order by id
