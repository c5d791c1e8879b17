-- The newest post of a case that is not ours; index placement_of_customer, then primary keys.
select coalesce(max(pl.post_id), 0)
from cases_case c
join cases_placement pl
  on pl.account_id = c.account_id and pl.customer_id = c.requester_id and pl.case_id = c.id
where c.id = %(case)s and pl.role <> 'us'
