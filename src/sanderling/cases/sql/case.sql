-- One case with its customer, our account and how it went; every table by its primary key.
select c.id, c.state, c.snoozed, c.title, c.kind, c.tone, c.urgency, c.reach,
       c.opened_at, c.last_at, c.due_at, c.due_kind, c.wake_at, c.ended_at, c.merged_into_id,
       (select k.started_at from cases_clock k
        where k.case_id = c.id and k.kind = c.due_kind and k.due_at = c.due_at limit 1),
       c.requester_id, who.name, who.handle, who.network, who.avatar,
       who.followers, who.follows_us, who.takes_messages,
       acc.id, acc.handle, acc.name, acc.avatar,
       c.reasons,
       a.id, a.name, a.initials, a.avatar,
       c.about_post_id, v.post_id is not null, coalesce(v.flags, '{}'), coalesce(v.unsure, '{}'),
       coalesce((select said.flags
                 from cases_placement pl
                 join listen_post p on p.id = pl.post_id
                 join triage_verdict said on said.post_id = p.id
                 where pl.account_id = c.account_id and pl.customer_id = c.requester_id
                   and pl.case_id = c.id and left(p.text, 120) = c.title
                 limit 1), '{}'),
       c.arc, c.swing,
       coalesce(t.name, ''), c.route, c.policy
from cases_case c
join listen_identity who on who.id = c.requester_id
join listen_account acc on acc.id = c.account_id
left join triage_verdict v on v.post_id = c.about_post_id
left join people_agent a on a.id = c.owner_id
left join people_team t on t.id = c.team_id
where c.id = %(case)s
