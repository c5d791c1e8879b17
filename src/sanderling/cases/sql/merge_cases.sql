-- Cases that turned out to be part of another; nothing is copied, their clocks end, but not what is owed in public, and what they were part of the other is too; primary keys.
with given as (
    select * from json_to_recordset(%(rows)s::json) r(id bigint, into_case bigint)
), stopped as (
    update cases_clock k set void_at = %(now)s, next_at = null from given g
    where k.case_id = g.id and k.void_at is null and k.kind <> 'follow up'
), kept as (
    update cases_case c set incident_id = other.incident_id from given g join cases_case other on other.id = g.id
    where c.id = g.into_case and c.incident_id is null and other.incident_id is not null
)
update cases_case c set state = 'merged', merged_into_id = g.into_case, snoozed = false, waits_on = '',
    wake_at = null, due_at = %(never)s, due_kind = ''
from given g where c.id = g.id or c.merged_into_id = g.id
