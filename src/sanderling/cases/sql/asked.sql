-- Open questions to an agent, oldest first; index ask_open.
select q.id, q.at, q.case_id, who.name, q.question, q.reminded,
       a.id, a.name, a.initials, a.avatar, t.id, t.name, t.initials, t.avatar
from cases_ask q
join cases_case c on c.id = q.case_id
join listen_identity who on who.id = c.requester_id
join people_agent a on a.id = q.by_id
join people_agent t on t.id = q.to_id
where q.to_id = %(agent)s and q.answered_at is null and q.withdrawn_at is null
  and (q.at, q.id) > (%(at)s::timestamptz, %(id)s)
order by q.at, q.id
limit %(limit)s
