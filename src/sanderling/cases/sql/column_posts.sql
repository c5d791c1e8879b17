-- The newest posts that a column caught, with verdict and case; primary key (column_id, post_id).
select p.id, p.room, p.direction, left(p.text, 600), p.created_at, p.deleted_at is not null,
       p.likes, p.reposts,
       who.name, who.handle, who.network, who.avatar, who.followers,
       v.kind, v.tone,
       c.id, c.state, a.name, a.initials, a.avatar,
       v.post_id is not null, coalesce(v.flags, '{}'), coalesce(v.unsure, '{}'),
       p.account_id, exists (
           select from store_move l where l.kind = 'post' and l.row = p.id and l.move = 'like'
       )
from (
    select p.*
    from listen_columnpost caught
    join listen_column col on col.id = caught.column_id
    join listen_post p on p.id = caught.post_id
    where caught.column_id = %(column)s and caught.post_id < %(before)s
        and not exists (
            select from listen_ignored out where out.column_id = col.id and out.post_id = p.id
        )
        and not exists (
            select from listen_muted m
            where m.deck_id = col.deck_id and (m.column_id is null or m.column_id = col.id)
                and (m.author_id = p.author_id
                    or m.network = p.network and m.thread in (p.thread, p.reply_to, p.remote_id))
        )
    order by caught.post_id desc
    limit %(limit)s
) p
join listen_identity who on who.id = p.author_id
left join triage_verdict v on v.post_id = p.id
left join cases_placement pl on pl.post_id = p.id
left join cases_case c on c.id = pl.case_id
left join people_agent a on a.id = c.owner_id
order by p.id desc
