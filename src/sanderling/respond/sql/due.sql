-- The next post that may leave, locked: in a room of a case, and about an incident from an account, what was written first goes first; outgoing_due, and by case or broadcast.
-- What is held back or was refused also keeps back what its author had written before they could know of it.
select o.id from respond_outgoing o
where o.state = 'queued' and o.wake_at <= %(now)s and not exists (
    with recursive matter (id) as (
        select o.case_id
        union all
        select c.id from matter m join cases_case c on c.merged_into_id = m.id
    )
    select from matter m
    join respond_outgoing first on first.case_id = m.id
    where first.room = o.room and first.id < o.id and (
        first.state in ('queued', 'sending', 'unsure')
        or first.state in ('held', 'failed') and exists (
            select from store_move s
            where s.kind = 'outgoing' and s.row = first.id and s.now = first.state
                and s.move not in ('give up', 'expire') and s.at >= o.created_at
        )
    )
)
and not exists (
    select from respond_broadcast b
    join respond_broadcast earlier on earlier.incident_id = b.incident_id and earlier.id <= b.id
    join respond_outgoing first on first.broadcast_id = earlier.id
    where b.id = o.broadcast_id and first.account_id = o.account_id and first.id < o.id and (
        first.state in ('queued', 'sending', 'unsure')
        or first.state in ('held', 'failed') and exists (
            select from store_move s
            where s.kind = 'outgoing' and s.row = first.id and s.now = first.state
                and s.move <> 'give up' and s.at >= o.created_at
        )
    )
)
and (o.part = 1 or exists (
    select from respond_outgoing before
    where (before.case_id = o.case_id or before.broadcast_id = o.broadcast_id)
        and before.whole = o.whole and before.part = o.part - 1 and before.state = 'sent'
))
order by o.wake_at, o.id
limit 1
for update of o skip locked
