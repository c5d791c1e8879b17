-- What columns show of the newest `most` that they caught, by hours ago; primary key (column_id, post_id).
with looked as (
    select col.id, p.created_at, not exists (
        select from listen_muted m
        where m.deck_id = col.deck_id and (m.column_id is null or m.column_id = col.id)
            and (m.author_id = p.author_id
                or m.network = p.network and m.thread in (p.thread, p.reply_to, p.remote_id))
    ) as shown
    from listen_column col
    cross join lateral (
        select caught.post_id from listen_columnpost caught
        where caught.column_id = col.id
        order by caught.post_id desc limit %(most)s
    ) newest
    join listen_post p on p.id = newest.post_id
    where col.id = any(%(columns)s) and p.created_at > %(since)s and p.created_at <= %(now)s
)
select id, floor(extract(epoch from %(now)s - created_at) / 3600)::int,
    count(*) filter (where shown),
    count(*) filter (where shown and created_at > %(lately)s),
    count(*) filter (where shown and created_at <= %(lately)s and created_at > %(before)s),
    count(*), min(created_at)
from looked
group by 1, 2
