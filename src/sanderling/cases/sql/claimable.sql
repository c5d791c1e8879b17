-- Nobody's cases that wait for us and that an agent may take, due first, with what ranks them; index case_owner (the owner in the order lets it serve).
with agent as materialized (
    select a.id, a.skills, a.languages,
           array(select m.team_id from people_membership m where m.agent_id = a.id) as teams
    from people_agent a
    where a.id = %(agent)s
)
select c.id, c.due_at,
       (select k.started_at from cases_clock k
        where k.case_id = c.id and k.kind = c.due_kind and k.due_at = c.due_at limit 1),
       c.last_at, c.tone, c.urgency, coalesce(v.flags, '{}'), c.reach
from cases_case c
left join triage_verdict v on v.post_id = c.about_post_id
cross join agent a
where c.state in ('new', 'open') and not c.snoozed and c.owner_id is null
  and c.due_at >= %(start)s and c.due_at < %(stop)s
  and (c.team_id is null or a.teams = '{}' or c.team_id = any(a.teams))
  -- What needs more than anybody can is for all.
  and (c.skills = '{}' or a.skills = '{}' or c.skills <@ a.skills or not exists (
        select from people_agent x
        where x.is_active and (x.skills = '{}' or c.skills <@ x.skills)))
  and (a.languages = '{}' or coalesce(v.lang, '') = '' or v.lang = any(a.languages) or not exists (
        select from people_agent x
        where x.is_active and (x.languages = '{}' or v.lang = any(x.languages))))
  and not exists (
        select from cases_handover h
        where h.case_id = c.id and h.state = 'offered'
          and (h.to_id = a.id or h.to_team_id = any(a.teams)
               or h.to_team_id is not null and a.teams = '{}') is not true)
order by c.owner_id, c.due_at, c.id
limit %(most)s
