-- Cases that turned out to be part of another; nothing is copied, their clocks end, but not what is owed in public; primary keys.
with given as (
    select * from json_to_recordset(%(rows)s::json) r(id bigint, into_case bigint)
), stopped as (
    update cases_clock k set void_at = %(now)s, next_at = null from given g
    where k.case_id = g.id and k.void_at is null and k.kind <> 'follow up'
)
update cases_case c set state = 'merged', merged_into_id = g.into_case, snoozed = false, waits_on = '',
    wake_at = null, due_at = %(never)s, due_kind = ''
from given g where c.id = g.id or c.merged_into_id = g.id
