-- What was corrected, in the wording that it was about, the newest word on each aspect; reads all corrections once, for learning. What was erased or deleted is left out.
select post_id, text, room, created_at, lang, followers, to_us, is_reply, has_media, aspect, now, at
from (
    select distinct on (c.post_id, c.aspect, c.version_at)
        c.post_id, case when p.version_at = c.version_at then p.text else old.text end as text,
        p.room, p.created_at, p.lang, who.followers, p.to_us, p.reply_to is not null as is_reply,
        p.media is not null as has_media, c.aspect, c.now, c.at, c.id
    from triage_correction c
    join listen_post p on p.id = c.post_id
    join listen_identity who on who.id = p.author_id
    left join listen_postversion old on old.post_id = c.post_id and old.version_at = c.version_at
    where c.aspect = any(%(aspects)s) and p.deleted_at is null and p.direction = 'theirs'
      and not p.network = any(%(never)s)
    order by c.post_id, c.aspect, c.version_at, c.id desc
) said
where text <> ''
order by id desc
limit %(limit)s
