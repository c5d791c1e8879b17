-- Whom an answer in each of these cases goes to, who has waited longest first; a case that became part of another counts as that; primary keys.
with recursive there (asked, id, next) as (
    select c.id, c.id, c.merged_into_id from cases_case c where c.id = any(%(cases)s)
    union all
    select t.asked, c.id, c.merged_into_id from there t join cases_case c on c.id = t.next
)
select min(t.asked), c.id, c.account_id, c.requester_id, i.name, i.handle, coalesce(nullif(a.name, ''), a.handle),
    c.state, i.network, i.avatar, coalesce((
        select max(l.post_id) from cases_placement l
        where l.account_id = c.account_id and l.customer_id = c.requester_id
            and l.case_id = c.id
    ), 0)
from there t
join cases_case c on c.id = t.id
join listen_account a on a.id = c.account_id
join listen_identity i on i.id = c.requester_id
where t.next is null
group by c.id, i.id, a.id
order by c.due_at, c.last_at, c.id
