-- Cases that a rule makes part of a confirmed incident: a post of theirs belongs to it, and nobody said that they do not; indexes incident_stands and member_in_time, then primary keys and move_of_row.
select distinct on (c.id) c.id, i.id
from incidents_incident i
join incidents_member m on m.incident_id = i.id and m.out_at is null and m.at >= %(since)s
join cases_placement k on k.post_id = m.post_id
join cases_case c on c.id = k.case_id and c.requester_id = k.customer_id
where i.state in ('confirmed', 'eased') and c.incident_id is null and c.state <> 'merged'
  and not exists (select from store_move left_it
                  where left_it.kind = 'case' and left_it.row = c.id and left_it.move = 'leave incident'
                    and left_it.note = 'incident ' || i.id)
order by c.id, m.at desc, m.post_id
limit %(limit)s
