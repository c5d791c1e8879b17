-- What stands in a case and is newer than a post, oldest first; placement_of_customer, then primary keys.
with recursive there (id, next) as (
    select id, merged_into_id from cases_case where id = %(case)s
    union all
    select c.id, c.merged_into_id from there join cases_case c on c.id = there.next
)
select p.id, p.room, l.role, p.text, p.created_at, who.name, who.handle,
    o.by_id, a.name as by_name
from cases_case c
join cases_placement l
    on l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
join listen_post p on p.id = l.post_id
join listen_identity who on who.id = p.author_id
left join respond_outgoing o
    on l.role = 'us' and o.case_id = c.id and o.remote_id = p.remote_id and o.room = p.room
left join people_agent a on a.id = o.by_id
where c.id = (select id from there where next is null) and p.id > %(seen)s
order by p.id
limit %(limit)s
