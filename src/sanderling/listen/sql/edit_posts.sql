-- Newer wordings of known posts: the old wording is kept as a version; primary key.
with given as (
    select * from json_to_recordset(%(rows)s::json) r(
        id bigint, text text, version_at timestamptz, media jsonb)
), old as (
    select p.id, p.version_at, p.text from listen_post p join given g on g.id = p.id
    where p.version_at < g.version_at for update of p
), kept as (
    insert into listen_postversion (post_id, version_at, text)
    select id, version_at, text from old
    on conflict (post_id, version_at) do nothing
), told as (
    insert into listen_reworded (post_id) select id from old
)
update listen_post p
set text = g.text, version_at = g.version_at, edited = true, media = g.media
from given g join old o on o.id = g.id where p.id = g.id
