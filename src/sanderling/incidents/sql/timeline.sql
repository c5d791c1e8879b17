-- What happened in an incident, newest first: its moves, what people wrote down, its alerts; indexes move_of_row, the key of entries to their incident, alert_once.
select found.at, found.key, found.kind, found.words, a.id, a.name, a.initials, a.avatar, a.is_lead
from (
    select at, 'move-' || lpad(id::text, 19, '0'), move, note, by_id
    from store_move
    where kind = 'incident' and row = %(incident)s
    union all
    select at, 'entry-' || lpad(id::text, 19, '0'), kind, text, by_id
    from incidents_entry
    where incident_id = %(incident)s
    union all
    select at, 'alert-' || lpad(id::text, 19, '0'), 'alert', says, null
    from incidents_alert
    where incident_id = %(incident)s
) found (at, key, kind, words, by_id)
left join people_agent a on a.id = found.by_id
where (found.at, found.key collate "C") < (%(at)s::timestamptz, %(key)s)
order by found.at desc, found.key collate "C" desc
limit %(limit)s
