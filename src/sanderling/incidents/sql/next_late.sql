-- The next step of an incident that is not over, late and not told of yet; index step_late.
select s.id
from incidents_step s
join incidents_incident i on i.id = s.incident_id and i.state in ('suspected', 'confirmed', 'eased')
where s.due_at <= %(now)s::timestamptz and s.done_at is null and s.warned_at is null
order by s.due_at, s.id
limit 1
