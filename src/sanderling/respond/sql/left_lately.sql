-- What rounds and others wrote from an account since a time, and what is under way; recipient_of_account, outgoing_left, outgoing_due.
select
    array(
        select r.at from respond_recipient r
        where r.account_id = %(account)s and r.state in ('told', 'failed')
            and r.at > %(since)s and r.outgoing_id is not null
    ),
    array(
        select o.sent_at from respond_outgoing o
        where o.account_id = %(account)s and o.sent_at > %(since)s
            and not exists (select from respond_recipient r where r.outgoing_id = o.id)
    ),
    (
        select count(*) from respond_recipient r
        where r.account_id = %(account)s and r.state = 'taken'
    ),
    (
        select count(*) from respond_outgoing o
        where o.account_id = %(account)s and o.state in ('queued', 'sending', 'unsure')
            and o.wake_at is not null
            and not exists (select from respond_recipient r where r.outgoing_id = o.id)
    ),
    (
        select count(*) from respond_recipient r
        join respond_outgoing o on o.id = r.outgoing_id
        where r.account_id = %(account)s and r.state = 'taken' and o.state <> 'held'
    ),
    (
        select greatest(
            max(o.leaves_at),
            min(o.wake_at) filter (where o.state = 'queued' and o.leaves_at <= %(now)s)
        )
        from respond_recipient r
        join respond_outgoing o on o.id = r.outgoing_id
        where r.account_id = %(account)s
            and (r.state = 'taken' or r.state in ('told', 'failed') and r.at > %(since)s)
    )
