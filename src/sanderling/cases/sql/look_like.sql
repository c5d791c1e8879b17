-- Of some cases those that are part of no incident, though a post of theirs belongs to one that stands; index placement_of_customer, then primary keys.
select distinct on (c.id) c.id, i.id
from cases_case c
join cases_placement k
  on k.account_id = c.account_id and k.customer_id = c.requester_id and k.case_id = c.id
join incidents_member m on m.post_id = k.post_id and m.out_at is null
join incidents_incident i on i.id = m.incident_id and i.state in ('suspected', 'confirmed', 'eased')
where c.id = any(%(cases)s) and c.incident_id is null
order by c.id, m.at desc, m.post_id
