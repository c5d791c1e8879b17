-- Cases that show what was found in these posts; every post stands in one case, and primary keys lead there.
update cases_case c set kind = v.kind, tone = v.tone, urgency = v.urgency
from cases_placement p
join triage_verdict v on v.post_id = p.post_id
where p.post_id = any(%(posts)s) and c.id = p.case_id and c.about_post_id = p.post_id
  and (c.kind, c.tone, c.urgency) <> (v.kind, v.tone, v.urgency)
returning c.id
