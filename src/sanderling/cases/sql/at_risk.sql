-- How many cases are late or due before `soon`, counted no further than `most`; indexes case_owner and case_team.
select (select count(*) from (
          select 1 from cases_case
          where state in ('new', 'open') and not snoozed and owner_id = %(agent)s
            and due_at < %(soon)s limit %(most)s) mine),
       (select count(*) from (
          select 1 from cases_case
          where state in ('new', 'open') and not snoozed and owner_id is null
            and due_at < %(soon)s limit %(most)s) unassigned),
       (select count(*) from (
          select 1 from cases_case
          where state in ('new', 'open') and not snoozed
            and due_at < %(soon)s limit %(most)s) team)
