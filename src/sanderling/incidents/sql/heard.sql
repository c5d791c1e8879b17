-- The newest posts about each incident that stands, within a window; indexes incident_stands, member_in_time.
select i.id, m.at, m.author_id, who.followers, p.reposts, v.tone, m.copy,
       coalesce(pays.plan <> '' and (pays.plan_until is null or pays.plan_until > %(now)s), false)
from incidents_incident i
cross join lateral (
    select * from incidents_member m
    where m.incident_id = i.id and m.out_at is null and m.at > %(since)s and m.at <= %(now)s
    order by m.at desc
    limit %(limit)s
) m
join listen_post p on p.id = m.post_id
join listen_identity who on who.id = m.author_id
left join listen_person pays on pays.id = who.person_id
left join triage_verdict v on v.post_id = m.post_id
where i.state in ('suspected', 'confirmed', 'eased')
