-- The verdicts on a page's newest wordings; primary key. An edited post is judged anew.
insert into triage_verdict as v (post_id, needs_us, kind, tone, urgency, lang, reasons, judge)
select post_id, needs_us, kind, tone, urgency, lang, reasons, %(judge)s
from json_to_recordset(%(rows)s::json) r(
    post_id bigint, needs_us boolean, kind text, tone smallint, urgency smallint, lang text,
    reasons jsonb)
order by post_id
on conflict (post_id) do update set
    needs_us = excluded.needs_us, kind = excluded.kind, tone = excluded.tone,
    urgency = excluded.urgency, lang = excluded.lang, reasons = excluded.reasons,
    judge = excluded.judge
