-- The cases whose story may change, held until the transaction ends; primary key.
select id, state, owner_id, team_id, snoozed, ended_at, invited_at, policy, route, skills
from cases_case where id = any(%(ids)s) and state <> 'merged'
order by id for update
