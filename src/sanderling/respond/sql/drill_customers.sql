-- Those a drill touched who wrote to us: when they did, and when they first heard from us; identities by network and id, placement_of_customer.
select said.who, said.first_at, min(ours.at)
from json_to_recordset(%(touched)s) said(who text, first_at timestamptz)
join listen_account a on a.id = %(account)s
join listen_identity i on i.network = a.network and i.remote_id = said.who
left join cases_placement ours on ours.account_id = a.id and ours.customer_id = i.id
    and ours.role = 'us' and ours.at between said.first_at and %(until)s
where exists (
    select from cases_placement theirs
    where theirs.account_id = a.id and theirs.customer_id = i.id and theirs.role = 'requester'
        and theirs.at between said.first_at - interval '1 second' and %(until)s
)
group by said.who, said.first_at
