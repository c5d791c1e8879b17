-- In which case each of some posts stands, who has it, and whether we spoke since; primary keys, then placement_of_customer.
select k.post_id, c.id, c.state, coalesce(a.name, ''), exists (
    select from cases_placement ours
    where ours.account_id = k.account_id and ours.customer_id = k.customer_id
      and ours.case_id = c.id and ours.role = 'us' and not ours.gone and ours.at >= k.at)
from cases_placement k
join cases_case c on c.id = k.case_id
left join people_agent a on a.id = c.owner_id
where k.post_id = any(%(posts)s)
