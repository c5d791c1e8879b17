-- What a shift leaves behind, of a team and of what has none, or of all: late, due before `soon`, promised, asked, offered; indexes case_team, promise_due, ask_open and handover_offered.
with found as (
    (select 'late' as kind, c.id as case_id, c.due_at as at, c.due_kind as says
     from cases_case c
     where c.state in ('new', 'open') and not c.snoozed and c.due_at < %(now)s
       and (%(team)s = 0 or c.team_id is null or c.team_id = %(team)s)
     order by c.due_at, c.id limit %(most)s)
    union all
    (select 'due soon', c.id, c.due_at, c.due_kind
     from cases_case c
     where c.state in ('new', 'open') and not c.snoozed
       and c.due_at >= %(now)s and c.due_at < %(soon)s
       and (%(team)s = 0 or c.team_id is null or c.team_id = %(team)s)
     order by c.due_at, c.id limit %(most)s)
    union all
    (select 'promised', c.id, p.due_at, left(p.text, 200)
     from cases_promise p join cases_case c on c.id = p.case_id
     where p.kept_at is null and p.dropped_at is null
       and (%(team)s = 0 or c.team_id is null or c.team_id = %(team)s)
     order by p.due_at, p.id limit %(most)s)
    union all
    (select 'asked', c.id, a.at, asked.name || ': ' || left(a.question, 200)
     from cases_ask a join cases_case c on c.id = a.case_id join people_agent asked on asked.id = a.to_id
     where a.answered_at is null and a.withdrawn_at is null
       and (%(team)s = 0 or c.team_id is null or c.team_id = %(team)s)
     order by a.at, a.id limit %(most)s)
    union all
    (select 'offered', c.id, h.at, coalesce(receiver.name, t.name) || ': ' || left(h.note, 200)
     from cases_handover h join cases_case c on c.id = h.case_id
     left join people_agent receiver on receiver.id = h.to_id
     left join people_team t on t.id = h.to_team_id
     where h.state = 'offered'
       and (%(team)s = 0 or c.team_id is null or c.team_id = %(team)s)
     order by h.at, h.id limit %(most)s)
)
select f.kind, f.case_id, f.at, f.says, c.title,
       coalesce(nullif(who.name, ''), '@' || who.handle), coalesce(a.name, ''), coalesce(t.name, '')
from found f
join cases_case c on c.id = f.case_id
join listen_identity who on who.id = c.requester_id
left join people_agent a on a.id = c.owner_id
left join people_team t on t.id = c.team_id
order by f.at, f.case_id
