-- Likes and reposts, each once; the later word of an actor counts; unique (network, remote_id, kind, actor).
insert into listen_signal as s (network, remote_id, kind, actor, at, undone)
select %(network)s, remote_id, kind, actor, at, undone
from json_to_recordset(%(rows)s::json) r(
    remote_id text, kind text, actor text, at timestamptz, undone boolean)
order by remote_id, kind, actor
on conflict (network, remote_id, kind, actor)
do update set at = excluded.at, undone = excluded.undone
where (excluded.at, excluded.undone) > (s.at, s.undone)
