-- How customers' posts sound, told by their words alone where a judge gave no heat; primary key.
select post_id, tone, coalesce(heat, tone / 5.0)::float8 from triage_verdict
where post_id = any(%(posts)s)
