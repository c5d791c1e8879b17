-- What the policy may ask about some posts of customers; every table by its primary key.
select p.id, p.created_at, v.kind, v.tone, v.urgency, v.flags, v.lang, coalesce(t.name, ''),
    p.network, a.handle, p.room, coalesce(i.followers, 0),
    case when h.plan_until is null or h.plan_until > p.created_at then coalesce(h.plan, '') else '' end
from listen_post p
join triage_verdict v on v.post_id = p.id
join listen_identity i on i.id = p.author_id
join listen_account a on a.id = p.account_id
left join triage_topic t on t.id = v.topic
left join listen_person h on h.id = i.person_id
where p.id = any(%(posts)s)
