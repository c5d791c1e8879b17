-- Reasons quote the words that counted: of erased posts they go too; primary key.
update triage_verdict set reasons = '[]' where post_id = any(%(posts)s)
