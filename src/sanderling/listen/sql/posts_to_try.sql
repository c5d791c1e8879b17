-- The newest posts, as far as they are of the last day, with all that a query asks; primary keys.
select p.id, p.text, p.room, p.created_at, who.name, who.handle, p.network, who.followers,
    who.avatar, ours.handle, answered.handle, p.lang, coalesce(p.media, '[]') <> '[]',
    p.reply_to is not null, p.quote_of is not null
from (select * from listen_post order by id desc limit %(most)s) p
join listen_identity who on who.id = p.author_id
join listen_account ours on ours.id = p.account_id
left join listen_account answered
    on answered.network = p.network and answered.remote_id = p.reply_to_author
where p.created_at > %(since)s and p.deleted_at is null
order by p.id desc
