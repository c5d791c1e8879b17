-- Everybody who wrote in an incident joins its round once, the most urgent first; who is known already stays; member_author, primary keys, recipient_once.
with wrote as (
    select coalesce(same.first, m.author_id) as customer, m.post_id as post, m.copy,
        coalesce(c.account_id, p.account_id) as account, c.id as case_id, p.created_at,
        100 - 10 * coalesce(c.urgency, v.urgency, 0) - coalesce(c.tone, v.tone, 0) as rank
    from incidents_member m
    join listen_post p on p.id = m.post_id and p.direction = 'theirs'
    join listen_identity i on i.id = m.author_id
    left join lateral (
        select min(o.id) as first from listen_identity o where o.person_id = i.person_id
    ) same on true
    left join triage_verdict v on v.post_id = m.post_id
    left join cases_placement l on l.post_id = m.post_id and l.role = 'requester'
    left join cases_case c on c.id = l.case_id
    where m.incident_id = %(incident)s and m.out_at is null
        and not exists (
            select from respond_recipient r
            where r.incident_id = %(incident)s and r.kind = %(kind)s
                and r.customer_id = coalesce(same.first, m.author_id)
        )
), chosen as (
    select distinct on (customer) * from wrote
    order by customer, copy, case_id is null, rank, created_at, post
), known (count) as (
    select count(*) from respond_recipient where incident_id = %(incident)s and kind = %(kind)s
)
insert into respond_recipient
    (round_id, incident_id, kind, customer_id, account_id, case_id, post_id, rank, wording, state, reason, why)
select %(round)s, %(incident)s, %(kind)s, customer, account, case_id, post, rank,
    known.count + row_number() over (order by rank, created_at, post), 'waiting', '', ''
from chosen, known
order by rank, created_at, post
on conflict (incident_id, kind, customer_id) do nothing
returning id
