-- Older wordings that arrived after newer ones; unique (post, version_at).
insert into listen_postversion (post_id, version_at, text)
select id, version_at, text
from json_to_recordset(%(rows)s::json) r(id bigint, version_at timestamptz, text text)
on conflict (post_id, version_at) do nothing
