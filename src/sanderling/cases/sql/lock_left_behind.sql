-- Cases that wait for us and whose owner is gone, unless they were offered to somebody lately; index case_owner.
select c.id, c.owner_id
from cases_case c
where c.state in ('new', 'open') and not c.snoozed and c.owner_id = any(%(gone)s)
  and not exists (
        select from cases_handover h
        where h.case_id = c.id and h.state = 'offered' and h.at > %(offered)s)
order by c.owner_id, c.due_at, c.id
limit %(most)s
for update of c skip locked
