-- New cases; what triage found and who wrote come from their own tables by primary key. A post alone has no conversation.
insert into cases_case (
    id, account_id, requester_id, state, owner_id, team_id, policy, route, skills, title, about_post_id, kind, tone, urgency, arc,
    swing, swung_at, reasons, reach, opened_at, last_at, due_at, due_kind, snoozed)
select r.id, r.account, r.requester, r.state, null, r.team, r.policy, r.route, r.skills, left(f.text, 120), r.about, v.kind, v.tone,
    greatest(v.urgency, r.urgency), coalesce(r.arc, array[v.tone]), coalesce(r.swing, ''),
    r.swung_at, coalesce(r.reasons, '[]'), coalesce(i.followers, 0), r.opened_at, r.last_at,
    r.due_at, r.due_kind, false
from json_to_recordset(%(rows)s::json) r(
    id bigint, account bigint, requester bigint, state text, team bigint, policy int, route text,
    skills text[], first bigint, about bigint,
    opened_at timestamptz, last_at timestamptz, due_at timestamptz, due_kind text,
    arc smallint[], swing text, swung_at timestamptz, reasons jsonb, urgency smallint)
join listen_post f on f.id = r.first
join triage_verdict v on v.post_id = r.about
join listen_identity i on i.id = r.requester
order by r.id
