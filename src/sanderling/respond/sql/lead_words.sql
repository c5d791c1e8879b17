-- What an incident promised that became part of another is owed by that one, unless it owes a word already; word_owed.
update respond_word w set incident_id = next.owes
from (
    select i.merged_into_id as owes, min(w.id) as word
    from respond_word w
    join incidents_incident i on i.id = w.incident_id and i.state = 'merged'
    where w.promised_id is not null and w.met_at is null and w.void_at is null and not exists (
        select from respond_word other
        where other.incident_id = i.merged_into_id and other.met_at is null and other.void_at is null
    )
    group by i.merged_into_id
) next
where w.id = next.word
returning w.incident_id
