-- What a queue's row shows of each of these cases; every table by its primary key. What cannot wait in the post is said before what the conversation says.
select c.id, c.state, c.snoozed, c.kind, c.tone, c.urgency, c.reach,
       c.last_at, c.due_at, c.due_kind, c.wake_at,
       (select k.started_at from cases_clock k
        where k.case_id = c.id and k.kind = c.due_kind and k.due_at = c.due_at limit 1),
       who.name, who.handle, who.network, who.avatar,
       left(p.text, 400), p.room, p.deleted_at is not null,
       coalesce(case when v.urgency < 3 and v.flags = '{}' then c.reasons -> 0 ->> 1 end,
                v.reasons -> 0 ->> 1, ''),
       a.id, a.name, a.initials, a.avatar,
       c.about_post_id, v.post_id is not null, coalesce(v.flags, '{}'), coalesce(v.unsure, '{}'),
       coalesce(t.name, '')
from cases_case c
join listen_identity who on who.id = c.requester_id
join listen_post p on p.id = c.about_post_id
left join triage_verdict v on v.post_id = c.about_post_id
left join people_agent a on a.id = c.owner_id
left join people_team t on t.id = c.team_id
where c.id = any(%(ids)s)
