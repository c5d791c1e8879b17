-- What a queue's row shows of each of these cases; every table by its primary key, posts by placement_of_customer where an incident stands (incident_stands). What cannot wait in the post is said before what the conversation says.
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
       coalesce(t.name, ''), part.id, part.name, looks.id, looks.name
from cases_case c
join listen_identity who on who.id = c.requester_id
join listen_post p on p.id = c.about_post_id
left join triage_verdict v on v.post_id = c.about_post_id
left join people_agent a on a.id = c.owner_id
left join people_team t on t.id = c.team_id
left join incidents_incident part on part.id = c.incident_id
left join lateral (
    select i.id, i.name
    from cases_placement k
    join incidents_member m on m.post_id = k.post_id and m.out_at is null
    join incidents_incident i on i.id = m.incident_id and i.state in ('suspected', 'confirmed', 'eased')
    where k.account_id = c.account_id and k.customer_id = c.requester_id and k.case_id = c.id
      and c.incident_id is null
      and (select exists (select from incidents_incident where state in ('suspected', 'confirmed', 'eased')))
    order by m.at desc
    limit 1) looks on true
where c.id = any(%(ids)s)
