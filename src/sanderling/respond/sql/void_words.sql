-- Nobody waits any more for the word about an incident that was none, or for a first one about what is over; word_owed.
update respond_word w set void_at = %(now)s
from incidents_incident i
where i.id = w.incident_id and w.met_at is null and w.void_at is null and (
    i.state in ('dismissed', 'merged') or i.state = 'over' and w.promised_id is null
)
returning w.incident_id
