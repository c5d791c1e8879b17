-- The next post that may leave, locked: in a room of a case what was written first goes first; outgoing_due.
select o.id from respond_outgoing o
where o.state = 'queued' and o.wake_at <= %(now)s and not exists (
    select from respond_outgoing first
    where first.case_id = o.case_id and first.room = o.room and first.id < o.id
        and first.state in ('queued', 'sending', 'unsure') and first.wake_at is not null
)
order by o.wake_at
limit 1
for update of o skip locked
