-- What was said in public about an incident and how its rounds moved, newest first; the keys of broadcasts and rounds to their incident, index move_of_row.
select found.at, found.key, found.kind, found.about, found.words, a.id, a.name, a.initials, a.avatar, a.is_lead
from (
    select at, 'word-' || lpad(id::text, 19, '0'), 'word', label, text, by_id
    from respond_broadcast
    where incident_id = %(incident)s
    union all
    select m.at, 'round-' || lpad(m.id::text, 19, '0'), r.kind, m.now, m.note, m.by_id
    from respond_round r
    join store_move m on m.kind = 'round' and m.row = r.id and m.was <> m.now
    where r.incident_id = %(incident)s
) found (at, key, kind, about, words, by_id)
left join people_agent a on a.id = found.by_id
where (found.at, found.key collate "C") < (%(at)s::timestamptz, %(key)s)
order by found.at desc, found.key collate "C" desc
limit %(limit)s
