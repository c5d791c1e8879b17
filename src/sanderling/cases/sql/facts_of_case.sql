-- What ranks one case that waits for us; primary keys.
select c.id, c.due_at,
       (select k.started_at from cases_clock k
        where k.case_id = c.id and k.kind = c.due_kind and k.due_at = c.due_at limit 1),
       c.last_at, c.tone, c.urgency, coalesce(v.flags, '{}'), c.reach
from cases_case c
left join triage_verdict v on v.post_id = c.about_post_id
where c.id = %(case)s and c.state in ('new', 'open') and not c.snoozed
