-- Everybody who was acknowledged in an incident, or has a case in it, joins its closing round once; recipient_of_round, case_of_incident, recipient_once.
with touched as (
    select r.customer_id as customer, r.post_id as post, r.account_id as account, r.case_id, r.rank, 0 as late
    from respond_recipient r
    where r.incident_id = %(incident)s and r.kind = 'acknowledge' and r.state = 'told'
    union all
    select coalesce(same.first, c.requester_id), c.about_post_id, c.account_id, c.id,
        100 - 10 * c.urgency - c.tone, 1
    from cases_case c
    join listen_identity i on i.id = c.requester_id
    left join lateral (
        select min(o.id) as first from listen_identity o where o.person_id = i.person_id
    ) same on true
    where c.incident_id = %(incident)s and c.state <> 'merged'
), chosen as (
    select distinct on (customer) * from touched t
    where not exists (
        select from respond_recipient r
        where r.incident_id = %(incident)s and r.kind = %(kind)s and r.customer_id = t.customer
    )
    order by customer, late, rank, post
), known (count) as (
    select count(*) from respond_recipient where incident_id = %(incident)s and kind = %(kind)s
)
insert into respond_recipient
    (round_id, incident_id, kind, customer_id, account_id, case_id, post_id, rank, wording, state, reason, why)
select %(round)s, %(incident)s, %(kind)s, customer, account, case_id, post, rank,
    known.count + row_number() over (order by rank, post), 'waiting', '', ''
from chosen, known
order by rank, post
on conflict (incident_id, kind, customer_id) do nothing
returning id
