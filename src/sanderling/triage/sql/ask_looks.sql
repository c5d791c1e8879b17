-- Posts that the careful judge is asked for; primary key. Who waits already keeps its place, and locks nobody out.
insert into triage_look (post_id, asked_at, because)
select post_id, %(now)s, because
from json_to_recordset(%(rows)s::json) r(post_id bigint, because text)
order by post_id
on conflict (post_id) do nothing
