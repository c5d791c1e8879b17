-- Which posts still stand in the wording that was looked at, with what was found in it before; primary keys.
select p.id, p.deleted_at is not null, v.needs_us, v.kind, v.topic, v.copy_of
from json_to_recordset(%(rows)s::json) r(post bigint, version_at timestamptz)
join listen_post p on p.id = r.post and p.version_at = r.version_at
join triage_verdict v on v.post_id = p.id
