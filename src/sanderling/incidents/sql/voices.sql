-- An incident's posts and who wrote them, newest first, going on below a key; index member_in_time, backwards, then primary keys.
select m.post_id, m.at, m.how, m.copy, left(p.text, 600), p.room, p.url, p.deleted_at is not null,
    v.kind, v.tone, coalesce(v.flags, '{}'), coalesce(v.unsure, '{}'),
    who.id, who.name, who.handle, who.network, who.avatar, coalesce(who.followers, 0)
from incidents_member m
join listen_post p on p.id = m.post_id
join listen_identity who on who.id = m.author_id
left join triage_verdict v on v.post_id = m.post_id
where m.incident_id = %(incident)s and m.out_at is null
  and (m.at, m.post_id) < (%(at)s::timestamptz, %(id)s)
order by m.at desc, m.post_id desc
limit %(limit)s
