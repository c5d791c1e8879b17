-- How many cases stand in each queue, from the kept counters; Unassigned and Team as queue_team shows them; primary key (state, owner, team, snoozed, slot). Those of incidents are counted no further than `most`; index case_of_incident.
with mine as materialized (
    select array(select m.team_id from people_membership m where m.agent_id = %(agent)s) as teams,
           exists (select from people_agent where id = %(agent)s and is_lead) as leads
), counted as (
    select t.*, t.team = 0 or leads or teams = '{}' or t.team = any(teams) as seen
    from cases_tally t cross join mine
    where t.state in ('new', 'open', 'waiting')
)
select coalesce(sum(n) filter (where not snoozed and state <> 'waiting' and owner = %(agent)s), 0),
       coalesce(sum(n) filter (where not snoozed and state <> 'waiting' and owner = 0 and seen), 0),
       coalesce(sum(n) filter (where not snoozed and state <> 'waiting' and seen), 0),
       coalesce(sum(n) filter (where not snoozed and state = 'waiting'), 0),
       coalesce(sum(n) filter (where snoozed), 0),
       (select count(*) from (
          select 1 from cases_case
          where incident_id in (select id from incidents_incident where state in ('suspected', 'confirmed', 'eased'))
            and state in ('new', 'open', 'waiting') and not snoozed limit %(most)s) stand)
from counted
