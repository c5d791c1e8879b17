-- How many cases are late or due before `soon`, counted no further than `most`, Unassigned and Team as queue_team shows them; indexes case_owner and case_team.
select (select count(*) from (
          select 1 from cases_case
          where state in ('new', 'open') and not snoozed and owner_id = %(agent)s
            and due_at < %(soon)s limit %(most)s) mine),
       (select count(*) from (
          select 1 from cases_case
          where state in ('new', 'open') and not snoozed and owner_id is null
            and (team_id is null
                 or exists (select from people_agent where id = %(agent)s and is_lead)
                 or not exists (select from people_membership where agent_id = %(agent)s)
                 or team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s))
            and due_at < %(soon)s limit %(most)s) unassigned),
       (select count(*) from (
          select 1 from cases_case
          where state in ('new', 'open') and not snoozed
            and (team_id is null
                 or exists (select from people_agent where id = %(agent)s and is_lead)
                 or not exists (select from people_membership where agent_id = %(agent)s)
                 or team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s))
            and due_at < %(soon)s limit %(most)s) team)
