-- Where posts stand; primary key. Being spoken to weighs more than standing by; a need once seen stays.
insert into cases_placement as p (
    post_id, account_id, customer_id, case_id, role, room, at, needs, ends, gone, starts, settled,
    names)
select post, account, customer, case_id, role, room, at, needs, ends, gone, starts, settled, names
from json_to_recordset(%(rows)s::json) r(
    post bigint, account bigint, customer bigint, case_id bigint, role text, room text,
    at timestamptz, needs smallint, ends boolean, gone boolean, starts boolean, settled boolean,
    names bigint[])
order by post
on conflict (post_id) do update set
    account_id = excluded.account_id, customer_id = excluded.customer_id,
    case_id = excluded.case_id, role = excluded.role, needs = greatest(p.needs, excluded.needs),
    ends = excluded.ends, gone = p.gone or excluded.gone, settled = excluded.settled
where not (p.role = 'requester' and excluded.role = 'bystander')
