-- What agents decided about posts of which an older wording has come late; primary key.
select post_id, needs_us, kind from triage_verdict
where post_id = any(%(posts)s) and corrected && array['needs_us', 'kind']
