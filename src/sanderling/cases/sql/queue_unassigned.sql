-- Nobody's cases that wait for us and are an agent's to see as in queue_team, due first; index case_owner (the owner in the order lets it serve).
select id, due_at
from cases_case
where state in ('new', 'open') and not snoozed and owner_id is null
  and (team_id is null
       or exists (select from people_agent where id = %(agent)s and is_lead)
       or not exists (select from people_membership where agent_id = %(agent)s)
       or team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s))
  and (due_at, id) > (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by owner_id, due_at, id
limit %(limit)s
