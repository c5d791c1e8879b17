-- The next post whose sender was not heard of again, or that must be looked for, locked; outgoing_due.
select id from respond_outgoing
where state in ('sending', 'unsure') and wake_at <= %(now)s
order by wake_at
limit 1
for update skip locked
