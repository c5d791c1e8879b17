-- Post n of every case, then post n + 1: those of one case lie far apart, as they would in life.
insert into listen_post (
    id, network, scope, remote_id, account_id, author_id, room, direction, origin, to_us, text,
    created_at, version_at, edited, reply_to, thread, counterpart, likes, reposts)
select n * %(cases)s + m.id, 'practice', case when room = 'direct' then %(account)s else 0 end,
    'old' || n * %(cases)s + m.id, %(account)s, case when n %% 2 = 0 then m.customer else 0 end,
    m.room, case when n %% 2 = 0 then 'theirs' else 'ours' end,
    case when n %% 2 = 0 then 'customer' else 'native' end, n %% 2 = 0,
    (%(texts)s::text[])[1 + (m.id * 7 + n) %% cardinality(%(texts)s::text[])],
    m.since - (m.posts - 1 - n) * interval '20 minutes',
    m.since - (m.posts - 1 - n) * interval '20 minutes',
    false, case when n > 0 then 'old' || (n - 1) * %(cases)s + m.id end,
    case when room = 'public' then 'old' || m.id end,
    case when room = 'direct' then 'old' || m.customer end, 0, 0
from generate_series(0::bigint, 122) n
join matter m on m.posts > n
order by n, m.id
