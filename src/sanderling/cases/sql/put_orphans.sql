-- Ours whose customer nobody knows yet; primary key.
insert into cases_orphan (post_id, network, parent)
select post, %(network)s, parent from json_to_recordset(%(rows)s::json) r(post bigint, parent text)
on conflict do nothing
