-- What a customer asks in a case: their newest post that needs us, and its language; placement_of_customer.
with recursive there (id, next) as (
    select id, merged_into_id from cases_case where id = %(case)s
    union all
    select c.id, c.merged_into_id from there join cases_case c on c.id = there.next
)
select c.id, p.text, coalesce(v.lang, p.lang, '')
from cases_case c
join cases_placement l on l.account_id = c.account_id and l.customer_id = c.requester_id
    and l.case_id = c.id and l.role = 'requester'
join listen_post p on p.id = l.post_id and p.deleted_at is null
left join triage_verdict v on v.post_id = p.id
where c.id = (select id from there where next is null)
order by l.needs > 0 desc, l.at desc, p.id desc
limit 1
