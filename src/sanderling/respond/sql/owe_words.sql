-- Confirmed incidents begin to owe a public word, as do those that flared up again; incident_stands, move_of_row, word_of_incident.
insert into respond_word (incident_id, since, due_at)
select i.id, c.at, c.at + %(within)s::interval
from incidents_incident i
cross join lateral (
    select coalesce(max(m.at), i.noticed_at) as at from store_move m
    where m.kind = 'incident' and m.row = i.id and m.move in ('confirm', 'flare up')
) c
where i.state = 'confirmed' and c.at <= %(now)s and not exists (
    select from respond_word w
    where w.incident_id = i.id and (w.since >= c.at or w.met_at is null and w.void_at is null)
)
on conflict do nothing
returning incident_id
