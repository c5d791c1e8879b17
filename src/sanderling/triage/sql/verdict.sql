-- All that was found in a post, for the panel; primary keys, and verdict_copies up to a bound.
select v.needs_us, v.kind, v.tone, v.urgency, v.lang, v.heat, v.flags, v.odds, v.unsure, v.topic,
    v.copy_of,
    (select count(*) from (
        select 1 from triage_verdict same
        where (same.copy_of = coalesce(v.copy_of, v.post_id) or same.post_id = v.copy_of)
          and same.post_id <> v.post_id
        limit %(most)s) counted),
    v.judge, v.policy, v.reasons, v.corrected
from triage_verdict v
where v.post_id = %(post)s
