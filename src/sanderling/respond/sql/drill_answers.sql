-- What left in a drill: whether the customer had been answered already, and whether it hangs on somebody else's post; the outgoing posts of the account's cases, placement_of_customer.
select
    before.sent_at is not null and coalesce(r.kind, '') <> 'close' and not exists (
        select from cases_placement theirs
        where theirs.account_id = c.account_id and theirs.customer_id = c.requester_id
            and theirs.role = 'requester' and theirs.at between before.sent_at and o.sent_at
    ) as doubled,
    coalesce(p.direction = 'theirs' and p.author_id <> c.requester_id, false) as astray
from respond_outgoing o
join cases_case c on c.id = o.case_id
join listen_account a on a.id = o.account_id
left join respond_recipient r on r.outgoing_id = o.id
left join listen_post p on o.room = 'public' and p.network = a.network and p.scope = 0
    and p.remote_id = o.reply_to
left join lateral (
    select e.sent_at, e."then"
    from respond_outgoing e
    where e.case_id = o.case_id and e.room = o.room and e.state = 'sent' and e.part = 1
        and e.sent_at < o.sent_at and e.sent_at >= %(since)s
        and not (e."then" = 'keep open' and o."then" <> 'keep open')
    order by e.sent_at desc
    limit 1
) before on true
where o.account_id = %(account)s and o.state = 'sent' and o.part = 1
    and o.sent_at between %(since)s and %(until)s
