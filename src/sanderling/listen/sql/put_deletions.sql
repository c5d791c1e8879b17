-- Keep that posts are gone, seen or not, and mark those that stand here; unique (network, scope, remote_id).
with given as (
    select * from json_to_recordset(%(rows)s::json) r(scope bigint, remote_id text, at timestamptz)
), kept as (
    insert into listen_deletion as d (network, scope, remote_id, at)
    select %(network)s, scope, remote_id, at from given order by scope, remote_id
    on conflict (network, scope, remote_id) do update set at = least(d.at, excluded.at)
), gone as (
    update listen_post p set deleted_at = least(p.deleted_at, g.at)
    from given g
    where p.network = %(network)s and p.scope = g.scope and p.remote_id = g.remote_id
        and (p.deleted_at is null or p.deleted_at > g.at)
    returning p.id
), told as (
    insert into listen_reworded (post_id) select id from gone
)
select id from gone
