-- Notes that name an agent who has not seen them, oldest first; index mention_unseen.
select n.id, n.at, n.case_id, who.name, n.text, a.id, a.name, a.initials, a.avatar
from cases_mention m
join cases_note n on n.id = m.note_id
join cases_case c on c.id = n.case_id
join listen_identity who on who.id = c.requester_id
join people_agent a on a.id = n.by_id
where m.agent_id = %(agent)s and m.seen_at is null
  and (n.at, n.id) > (%(at)s::timestamptz, %(id)s)
order by n.at, n.id
limit %(limit)s
