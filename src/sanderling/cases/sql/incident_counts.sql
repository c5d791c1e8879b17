-- How the cases of an incident stand; index case_of_incident, then placement_of_customer.
select count(*),
    count(*) filter (where c.state in ('new', 'open')),
    count(*) filter (where c.state in ('resolved', 'closed')),
    count(*) filter (where answered.since),
    count(*) filter (where acknowledged.once)
from cases_case c
join incidents_incident i on i.id = c.incident_id
cross join lateral (select exists (
    select from cases_placement k
    where k.account_id = c.account_id and k.customer_id = c.requester_id and k.case_id = c.id
      and k.role = 'us' and not k.gone and k.at >= i.began_at) as since) answered
cross join lateral (select exists (
    select from cases_clock k
    where k.case_id = c.id and k.kind = 'acknowledge' and k.met_at >= i.began_at) as once) acknowledged
where c.incident_id = %(incident)s and c.state <> 'merged'
