-- Everything some customers and we wrote to each other; index placement_of_customer. Newest 300 each.
select p.account_id, p.customer_id, p.post_id, p.room, p.at, p.role, p.needs, p.ends, p.gone,
    p.names, p.starts, p.settled, p.case_id
from json_to_recordset(%(rows)s::json) k(account bigint, customer bigint)
cross join lateral (
    select * from cases_placement p
    where p.account_id = k.account and p.customer_id = k.customer
    order by p.at desc limit 300
) p
