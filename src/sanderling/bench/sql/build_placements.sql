-- Where each post stands.
insert into cases_placement (
    post_id, account_id, customer_id, case_id, role, room, at, needs, ends, gone, starts, settled,
    names)
select p.id, %(account)s, m.customer, m.id,
    case when p.direction = 'theirs' then 'requester' else 'us' end, p.room, p.created_at,
    case when p.direction = 'theirs' then 2 else 0 end, p.direction = 'ours', false, p.reply_to is null, true, array[p.id]
from listen_post p
join matter m on m.id = case when p.id %% %(cases)s = 0 then %(cases)s else p.id %% %(cases)s end
order by p.id
