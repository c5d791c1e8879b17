-- Cases that are part of no incident, though a post of theirs belongs to this one and nobody said that they do not; index member_in_time, then primary keys and move_of_row.
select distinct c.id
from incidents_member m
join cases_placement k on k.post_id = m.post_id
join cases_case c on c.id = k.case_id and c.requester_id = k.customer_id
where m.incident_id = %(incident)s and m.out_at is null
  and c.incident_id is null and c.state <> 'merged'
  and not exists (select from store_move left_it
                  where left_it.kind = 'case' and left_it.row = c.id and left_it.move = 'leave incident'
                    and left_it.note = 'incident ' || m.incident_id)
order by c.id
limit %(limit)s
