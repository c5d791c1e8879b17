-- What is new for an agent since a moment, of the kinds they want, newest first; indexes case_owner, clockfact_once, mention_unseen, ask_open, handover_offered, case_team.
select found.key, found.about, found.case_id, found.at, found.by, found.due_at, found.due_kind, found.words
from (
    select 'clock-' || f.id, case f.fact when 'broken' then 'late' else 'soon' end, c.id, f.at, '',
           f.due_at, f.kind, c.title
    from cases_case c
    join cases_clockfact f on f.case_id = c.id and f.fact in ('warned', 'broken')
    join cases_clock k on k.case_id = f.case_id and k.turn_id = f.turn_id and k.kind = f.kind
    where 'late' = any(%(about)s::text[]) and c.owner_id = %(agent)s
      and c.state in ('new', 'open') and not c.snoozed
      and f.at >= %(since)s and k.met_at is null and k.void_at is null
    union all
    select 'mention-' || n.id, 'mentioned', n.case_id, n.at, a.name, null, '', n.text
    from cases_mention m
    join cases_note n on n.id = m.note_id
    join people_agent a on a.id = n.by_id
    where 'asked' = any(%(about)s::text[]) and m.agent_id = %(agent)s and m.seen_at is null
      and n.at >= %(since)s
    union all
    select 'ask-' || q.id, 'asked', q.case_id, q.at, a.name, null, '', q.question
    from cases_ask q
    join people_agent a on a.id = q.by_id
    where 'asked' = any(%(about)s::text[]) and q.to_id = %(agent)s
      and q.answered_at is null and q.withdrawn_at is null and q.at >= %(since)s
    union all
    select 'offer-' || h.id, 'offered', h.case_id, h.at, a.name, null, '', h.note
    from cases_handover h
    join people_agent a on a.id = h.by_id
    where 'offered' = any(%(about)s::text[]) and h.state = 'offered' and h.by_id <> %(agent)s
      and h.at >= %(since)s
      and (h.to_id = %(agent)s
           or h.to_team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s)
           or h.to_team_id is not null
              and not exists (select from people_membership m where m.agent_id = %(agent)s))
    union all
    select 'critical-' || c.id, 'critical', c.id, c.last_at, '', null, '', c.title
    from cases_case c
    where 'critical' = any(%(about)s::text[]) and c.state = 'new' and not c.snoozed
      and c.urgency = %(critical)s and c.owner_id is null
      and c.last_at >= %(since)s::timestamptz - %(late)s::interval
      and (c.team_id is null
           or not exists (select from people_membership m where m.agent_id = %(agent)s)
           or c.team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s))
) found (key, about, case_id, at, by, due_at, due_kind, words)
order by found.at desc, found.key
limit %(limit)s
