-- Posts for a second look, held until the transaction ends: what matters first, of that the newest; look_next.
select l.post_id, p.account_id, p.network, p.version_at, p.text, p.room, p.created_at, p.lang,
    who.followers, p.to_us, p.reply_to is not null, p.media is not null
from triage_look l
join listen_post p on p.id = l.post_id
join listen_identity who on who.id = p.author_id
where l.asked_at >= %(since)s
order by l.because, l.asked_at desc
limit %(limit)s
for update of l skip locked
