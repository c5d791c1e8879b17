-- How many cases wait for each of these agents, and when they got the last of them; index case_owner.
select owner_id, count(*), max(owned_at)
from cases_case
where state in ('new', 'open') and not snoozed and owner_id = any(%(agents)s)
group by owner_id
