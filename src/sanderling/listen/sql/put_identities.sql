-- Learn who the authors of a page are; unique (network, remote_id). A stub (no handle) changes nothing.
with given as (
    select * from json_to_recordset(%(rows)s::json) r(
        remote_id text, handle text, name text, followers int, avatar text, follows_us boolean,
        takes_messages text)
), put as (
    insert into listen_identity as i
        (network, remote_id, handle, name, followers, avatar, follows_us, takes_messages)
    select %(network)s, remote_id, handle, name, followers, avatar, follows_us, takes_messages
    from given order by remote_id
    on conflict (network, remote_id) do update set
        handle = excluded.handle, name = excluded.name, avatar = excluded.avatar,
        followers = coalesce(excluded.followers, i.followers),
        follows_us = coalesce(excluded.follows_us, i.follows_us),
        takes_messages = coalesce(excluded.takes_messages, i.takes_messages)
    where excluded.handle <> '' and (
        i.handle, i.name, i.avatar, i.followers, i.follows_us, i.takes_messages
    ) is distinct from (
        excluded.handle, excluded.name, excluded.avatar, coalesce(excluded.followers, i.followers),
        coalesce(excluded.follows_us, i.follows_us),
        coalesce(excluded.takes_messages, i.takes_messages))
    returning i.remote_id, i.id
)
select remote_id, id from put
union all
select i.remote_id, i.id from given g join listen_identity i
    on i.network = %(network)s and i.remote_id = g.remote_id
