-- Customers with an open case whom the register is to be asked about, oldest case first; indexes case_team, case_waiting, case_snoozed, and the key of identities.
with waiting as (
    select requester_id, opened_at from cases_case where state in ('new', 'open') and not snoozed
    union all
    select requester_id, opened_at from cases_case where state = 'waiting' and not snoozed
    union all
    select requester_id, opened_at from cases_case where snoozed
)
select i.id
from waiting w
join listen_identity i on i.id = w.requester_id
where (i.ask_at is null or i.ask_at <= %(now)s) and (i.handle <> '' or i.network = 'mail')
group by i.id
order by min(w.opened_at), i.id
limit %(limit)s
