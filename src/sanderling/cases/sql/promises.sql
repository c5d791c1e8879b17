-- Open promises, the soonest due first; index promise_due.
select p.id, p.due_at, p.case_id, who.name, p.text, p.warned_at, a.id, a.name, a.initials, a.avatar
from cases_promise p
join cases_case c on c.id = p.case_id
join listen_identity who on who.id = c.requester_id
join people_agent a on a.id = p.by_id
where p.kept_at is null and p.dropped_at is null
  and (p.due_at, p.id) > (%(at)s::timestamptz, %(id)s)
order by p.due_at, p.id
limit %(limit)s
