-- Cases whose story went on; primary keys. One that rests sleeps past none of its clocks, which are written before.
update cases_case c set
    state = r.state, owner_id = r.owner, title = left(f.text, 120), about_post_id = r.about,
    kind = v.kind, tone = v.tone, urgency = greatest(v.urgency, r.urgency),
    arc = coalesce(r.arc, array[v.tone]), swing = coalesce(r.swing, ''), swung_at = r.swung_at,
    reasons = coalesce(r.reasons, '[]'), reach = coalesce(i.followers, 0),
    opened_at = r.opened_at, last_at = r.last_at, due_at = r.due_at, due_kind = r.due_kind,
    team_id = r.team, policy = r.policy, route = r.route, skills = r.skills,
    came_at = coalesce(c.came_at, r.came_at),
    snoozed = r.snoozed, ended_at = case when r.ended then c.ended_at end,
    waits_on = case when r.snoozed then c.waits_on else '' end,
    wake_at = case
        when r.snoozed then least(c.wake_at, (select min(k.next_at) from cases_clock k
                                              where k.case_id = c.id))
        when r.ended then c.wake_at end
from json_to_recordset(%(rows)s::json) r(
    id bigint, state text, owner bigint, requester bigint, first bigint, about bigint,
    opened_at timestamptz, last_at timestamptz, due_at timestamptz, due_kind text,
    snoozed boolean, ended boolean, heard boolean, came_at timestamptz,
    team bigint, policy int, route text, skills text[],
    arc smallint[], swing text, swung_at timestamptz, reasons jsonb, urgency smallint)
join listen_post f on f.id = r.first
join triage_verdict v on v.post_id = r.about
join listen_identity i on i.id = r.requester
where c.id = r.id
