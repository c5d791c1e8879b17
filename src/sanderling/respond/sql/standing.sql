-- How we and a customer stand in a case, and the post an answer would reply to; primary keys, placement_of_customer.
with recursive there (id, next) as (
    select id, merged_into_id from cases_case where id = %(case)s
    union all
    select c.id, c.merged_into_id from there join cases_case c on c.id = there.next
)
select c.id as case_id, c.account_id, i.remote_id as customer, t.id as post, t.remote_id as reply_to,
    t.room, t.handle as author, t.gone, i.handle, a.handle as ours,
    exists (
        select from cases_placement l
        where l.account_id = c.account_id and l.customer_id = c.requester_id
            and l.case_id = c.id and l.role = 'requester' and l.room = 'public'
    ) as wrote_public,
    exists (
        select from cases_placement l
        where l.account_id = c.account_id and l.customer_id = c.requester_id
            and l.role = 'requester' and l.room = 'direct'
    ) as wrote_direct,
    i.follows_us, i.takes_messages, t.closed, t.summons, t.url,
    i.name, t.role, t.text, t.lang
from cases_case c
join listen_account a on a.id = c.account_id
join listen_identity i on i.id = c.requester_id
left join lateral (
    select p.id, p.remote_id, p.room, who.handle, p.deleted_at is not null as gone, p.closed,
        p.to_us as summons, p.url, l.role, p.text, p.lang
    from cases_placement l
    join listen_post p on p.id = l.post_id
    join listen_identity who on who.id = p.author_id
    where l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
        and l.role <> 'us' and case
            when %(post)s::bigint is not null then p.id = %(post)s::bigint
            when %(reply_to)s::text is not null
                then l.room = 'public' and p.remote_id = %(reply_to)s::text
            else l.role = 'requester' and l.room = 'public'
        end
    order by p.deleted_at is not null, p.created_at desc, p.id desc
    limit 1
) t on true
where c.id = (select id from there where next is null)
