-- What is new for an agent in incidents since a moment: steps of theirs that are late, roles that they are asked to take over; indexes incident_stands, step_place, role_held, role_offered.
select found.key, found.about, found.incident_id, found.name, found.words, found.at, found.due_at, found.by
from (
    select 'step-' || s.id || '-' || s.times, 'late', i.id, i.name, s.text, s.warned_at, s.due_at, ''
    from incidents_incident i
    join incidents_step s on s.incident_id = i.id
    left join incidents_role r on r.incident_id = i.id and r.role = s.role and r.until is null
    left join incidents_role l on l.incident_id = i.id and l.role = 'lead' and l.until is null
    where i.state in ('suspected', 'confirmed', 'eased')
      and s.done_at is null and s.warned_at >= %(since)s::timestamptz
      and case coalesce(s.owner_id, r.agent_id, l.agent_id)
            when %(agent)s then true
            else coalesce(s.owner_id, r.agent_id, l.agent_id) is null and %(is_lead)s
          end
    union all
    select 'role-' || r.id || '-' || extract(epoch from r.offered_at)::bigint, 'offered', i.id, i.name, r.note, r.offered_at, null, a.name
    from incidents_role r
    join incidents_incident i on i.id = r.incident_id
    join people_agent a on a.id = r.agent_id
    where r.offered_to_id = %(agent)s and r.until is null and r.offered_at >= %(since)s::timestamptz
) found (key, about, incident_id, name, words, at, due_at, by)
order by found.at, found.key
limit 10
