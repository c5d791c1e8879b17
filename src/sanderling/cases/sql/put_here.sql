-- An agent has a case before them; gives what they did there before, null if that is long ago; primary keys.
with was as (
    select doing from cases_here
    where case_id = %(case)s and agent_id = %(agent)s and at > %(since)s
),
put as (
    insert into cases_here (case_id, agent_id, doing, at)
    select c.id, %(agent)s, %(doing)s, %(now)s from cases_case c where c.id = %(case)s
    on conflict (case_id, agent_id) do update
        set doing = excluded.doing, at = greatest(cases_here.at, excluded.at)
    returning case_id
)
select (select doing from was) from put
