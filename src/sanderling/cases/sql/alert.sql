-- What is said once about clocks: that they are about to break, that they are broken; primary key, clockfact_once. Gives what was not said before.
with given as (
    select * from json_to_recordset(%(rows)s::json) r(
        case_id bigint, turn bigint, kind text, fact text, due_at timestamptz, policy int,
        rule text, next_at timestamptz)
), watched as (
    update cases_clock k set next_at = g.next_at,
        warned_at = coalesce(k.warned_at, %(now)s),
        broken_at = case when g.fact = 'broken' then coalesce(k.broken_at, %(now)s)
            else k.broken_at end
    from given g where k.case_id = g.case_id and k.turn_id = g.turn and k.kind = g.kind
)
insert into cases_clockfact (case_id, turn_id, kind, fact, at, due_at, policy, rule)
select case_id, turn, kind, fact, %(now)s, due_at, policy, rule from given
on conflict do nothing
returning case_id
