-- What a customer wrote after our last answer in a case is not settled after all; index placement_of_customer.
update cases_placement p set settled = false
from cases_case c
where c.id = %(case)s and p.account_id = c.account_id and p.customer_id = c.requester_id
  and p.case_id = c.id and p.settled and p.at > coalesce((
    select max(us.at) from cases_placement us
    where us.account_id = c.account_id and us.customer_id = c.requester_id and us.case_id = c.id
      and us.role = 'us' and us.ends and not us.gone), '-infinity')
returning p.post_id
