-- Words that are due soon or late, for who leads or speaks, or for leads where nobody does, oldest first; word_owed, role_held.
select 'word-' || w.id || case when w.broken_at is null then '' else '-late' end, w.incident_id, i.name,
    w.due_at, w.promised_id is null, w.broken_at is not null
from respond_word w
join incidents_incident i on i.id = w.incident_id
join people_agent me on me.id = %(agent)s
where w.met_at is null and w.void_at is null and coalesce(w.broken_at, w.warned_at) >= %(since)s
    and case
        when exists (
            select from incidents_role r
            where r.incident_id = i.id and r.until is null and r.role in ('lead', 'voice')
        ) then exists (
            select from incidents_role r
            where r.incident_id = i.id and r.until is null and r.role in ('lead', 'voice')
                and r.agent_id = me.id
        )
        else me.is_lead
    end
order by coalesce(w.broken_at, w.warned_at), w.id
limit %(limit)s
