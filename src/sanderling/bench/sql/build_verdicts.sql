-- What triage found in each post.
insert into triage_verdict (post_id, needs_us, kind, tone, urgency, lang, reasons, judge)
select id, direction = 'theirs', case when direction = 'theirs' then 'complaint' else 'other' end,
    id %% 4, 1, 'en',
    '[["trouble", "Says “no signal”"], ["us", "Speaks to @NorthwindCare"]]', 'rules-1'
from listen_post
