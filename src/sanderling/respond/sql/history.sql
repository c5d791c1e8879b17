-- All that happened in some cases, newest first; indexes move_of_row, placement_of_customer and those of the foreign keys to cases.
select h.at, h.key, h.source, h.what, h.was, h.became, h.note, coalesce(a.name, ''), h.of
from (
    select m.at, m.id * 64 + 1 as key, 'case' as source, m.move as what, m.was, m.now as became,
           m.note, m.by_id, m.row as of
    from store_move m
    where m.kind = 'case' and m.row = any(%(cases)s) and m.move <> 'correct'
    union all
    select m.at, m.id * 64 + 2, 'outgoing', m.move, m.was, m.now, m.note, m.by_id, o.id
    from respond_outgoing o
    join store_move m on m.kind = 'outgoing' and m.row = o.id
    where o.case_id = any(%(cases)s)
    union all
    select k.at, k.id * 64 + 3, 'correction', k.aspect, k.was, k.now, k.why, k.by_id, c.id
    from cases_case c
    join cases_placement p on p.account_id = c.account_id and p.customer_id = c.requester_id
                          and p.case_id = c.id
    join triage_correction k on k.post_id = p.post_id
    where c.id = any(%(cases)s)
    union all
    select f.at, f.id * 64 + 4, 'fact', f.fact, f.kind, coalesce(f.due_at::text, ''),
           concat_ws(', ', nullif(f.rule, ''), 'policy ' || f.policy), null, f.case_id
    from cases_clockfact f
    where f.case_id = any(%(cases)s)
    union all
    select k.started_at,
           k.turn_id * 64 + 10
               + coalesce(array_position(array['acknowledge', 'answer', 'solve', 'follow up'], k.kind), 0),
           'clock', k.kind, '', k.due_at::text,
           concat_ws(', ', nullif(k.rule, ''), 'policy ' || k.policy), null, k.case_id
    from cases_clock k
    where k.case_id = any(%(cases)s)
) h
left join people_agent a on a.id = h.by_id
where (h.at, h.key) < (%(at)s::timestamptz, %(id)s)
order by h.at desc, h.key desc
limit %(limit)s
