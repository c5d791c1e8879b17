-- When the sender has something to do next, but for posts that wait for an earlier one; outgoing_due.
select min(o.wake_at) from respond_outgoing o
where o.state in ('queued', 'sending', 'unsure') and not (o.state = 'queued' and exists (
    select from respond_outgoing first
    where first.case_id = o.case_id and first.room = o.room and first.id < o.id
        and first.state in ('queued', 'sending', 'unsure') and first.wake_at is not null
))
