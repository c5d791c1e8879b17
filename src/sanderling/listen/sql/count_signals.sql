-- Bring likes and reposts of some posts in line with their signals; unique (network, remote_id, kind, actor).
update listen_post p set likes = s.likes, reposts = s.reposts
from (
    select remote_id,
        count(*) filter (where kind = 'like' and not undone) as likes,
        count(*) filter (where kind = 'repost' and not undone) as reposts
    from listen_signal
    where network = %(network)s and remote_id = any(%(remote_ids)s)
    group by remote_id
) s
where p.network = %(network)s and p.scope = 0 and p.remote_id = s.remote_id
    and (p.likes, p.reposts) <> (s.likes, s.reposts)
returning p.id
