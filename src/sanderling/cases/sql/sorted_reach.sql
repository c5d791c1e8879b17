-- Cases that wait for us, of the queue mine, unassigned or team as in its own statement, those with most followers on top; index case_team gives all that wait, and the best of them are sorted.
select id, reach
from cases_case
where state in ('new', 'open') and not snoozed
  and case %(queue)s when 'mine' then owner_id = %(agent)s when 'unassigned' then owner_id is null else true end
  and (%(queue)s = 'mine'
       or team_id is null
       or exists (select from people_agent where id = %(agent)s and is_lead)
       or not exists (select from people_membership where agent_id = %(agent)s)
       or team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s))
  and (reach, id) < (%(at)s::int, %(id)s)
  /* narrowed */
order by reach desc, id desc
limit %(limit)s
