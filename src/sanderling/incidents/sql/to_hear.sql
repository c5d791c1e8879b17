-- What the detector was not told yet: posts above the mark, oldest first, and those below it that were missing then; primary keys.
with unheard as (
    (select id from listen_post where id > %(mark)s order by id limit %(limit)s)
    union all
    select id from listen_post where id = any(%(missing)s)
)
select p.id, p.created_at, p.author_id, p.network, p.room,
    p.direction = 'theirs' and p.deleted_at is null, v.post_id is not null,
    case when p.direction = 'theirs' then p.text else '' end,
    coalesce(v.needs_us, false), coalesce(v.kind, ''), coalesce(v.tone, 0), coalesce(t.name, ''), v.copy_of,
    coalesce(who.followers, 0)
from unheard
join listen_post p on p.id = unheard.id
join listen_identity who on who.id = p.author_id
left join triage_verdict v on v.post_id = p.id
left join triage_topic t on t.id = v.topic
order by p.created_at, p.id
