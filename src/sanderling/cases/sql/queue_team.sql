-- Cases of an agent's teams and of none that wait for us, due first; of all for leads and for who is in no team; index case_team.
select id, due_at
from cases_case
where state in ('new', 'open') and not snoozed
  and (team_id is null
       or exists (select from people_agent where id = %(agent)s and is_lead)
       or not exists (select from people_membership where agent_id = %(agent)s)
       or team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s))
  and (due_at, id) > (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by due_at, id
limit %(limit)s
