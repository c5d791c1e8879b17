-- The newest post of a case, whoever wrote it; placement_of_customer.
with recursive there (id, next) as (
    select id, merged_into_id from cases_case where id = %(case)s
    union all
    select c.id, c.merged_into_id from there join cases_case c on c.id = there.next
)
select coalesce(max(l.post_id), 0)
from cases_case c
join cases_placement l
    on l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
where c.id = (select id from there where next is null)
