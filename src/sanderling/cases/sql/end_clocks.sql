-- The clocks of a case that ended: what was to be solved is met if it is solved, the rest is void; primary key. A public follow-up stays owed.
with ended as (
    update cases_clock
    set met_at = case when kind = 'solve' and %(solved)s then %(now)s::timestamptz end,
        void_at = case when kind = 'solve' and %(solved)s then null else %(now)s::timestamptz end,
        next_at = null
    where case_id = %(case)s and met_at is null and void_at is null and kind <> 'follow up'
    returning case_id, turn_id, kind, due_at, policy, rule, met_at
)
insert into cases_clockfact (case_id, turn_id, kind, fact, at, due_at, policy, rule)
select case_id, turn_id, kind, case when met_at is null then 'void' else 'met' end, %(now)s,
    due_at, policy, rule
from ended
