-- What was lately said about clocks of an agent's cases and of nobody's, oldest first; index clockfact_alerts.
select f.id, f.case_id, f.kind, f.fact, f.due_at, who.name, who.handle
from cases_clockfact f
join cases_case c on c.id = f.case_id and c.merged_into_id is null
join listen_identity who on who.id = c.requester_id
join cases_clock k on k.case_id = f.case_id and k.turn_id = f.turn_id and k.kind = f.kind
where f.fact in ('warned', 'broken') and f.id > %(after)s and f.at >= %(since)s
  and k.met_at is null and k.void_at is null
  and (c.owner_id = %(agent)s or c.owner_id is null and (
    c.team_id is null
    or not exists (select from people_membership m where m.agent_id = %(agent)s)
    or exists (select from people_membership m
               where m.agent_id = %(agent)s and m.team_id = c.team_id)))
order by f.id desc
limit %(limit)s
