-- The posts of a case that belong to its incident; index placement_of_customer, then primary keys.
select k.post_id
from cases_case c
join cases_placement k
  on k.account_id = c.account_id and k.customer_id = c.requester_id and k.case_id = c.id
join incidents_member m on m.post_id = k.post_id and m.incident_id = c.incident_id and m.out_at is null
where c.id = %(case)s
