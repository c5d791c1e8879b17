-- Who of some authors wrote to us before a time, and had a case then; index placement_of_customer.
select k.author, bool_or(p.had)
from json_to_recordset(%(rows)s::json) k(author bigint, before timestamptz)
cross join listen_account a
cross join lateral (
    select bool_or(p.case_id is not null) had from (
        select p.case_id from cases_placement p
        where p.account_id = a.id and p.customer_id = k.author and p.at < k.before
        order by p.at desc limit 50
    ) p
    having count(*) > 0
) p
group by k.author
