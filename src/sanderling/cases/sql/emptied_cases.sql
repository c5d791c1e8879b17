-- Cases of these posts that wait for us although nothing in them needs us any more; primary key, then placement_of_customer.
select distinct c.id
from cases_placement p
join cases_case c on c.id = p.case_id and c.state in ('new', 'open')
where p.post_id = any(%(posts)s) and not exists (
    select from cases_placement other
    where other.account_id = c.account_id and other.customer_id = c.requester_id
      and other.case_id = c.id and other.role = 'requester' and other.needs > 0)
order by c.id
