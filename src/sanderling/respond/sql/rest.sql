-- Nothing leaves from this account before a time: its posts in one order, so that two senders do not lock each other out; by state.
with resting as (
    select id from respond_outgoing
    where account_id = %(account)s and state = 'queued' and wake_at < %(until)s
    order by id
    for update
)
update respond_outgoing o set wake_at = %(until)s from resting r where o.id = r.id
