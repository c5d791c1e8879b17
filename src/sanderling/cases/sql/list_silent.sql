-- Customers whose turn waits since long ago, longest first, snoozed or not; indexes case_team and case_snoozed, then placement_of_customer.
select c.id, t.since
from cases_case c
cross join lateral (
    select min(l.at) as since
    from cases_placement l
    where l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
      and l.role = 'requester' and l.needs > 0 and not l.gone and not l.settled
      and l.at > coalesce((select max(o.at) from cases_placement o
                           where o.account_id = c.account_id and o.customer_id = c.requester_id
                             and o.case_id = c.id and o.role = 'us' and o.ends and not o.gone),
                          '-infinity')
) t
where c.state in ('new', 'open') and c.opened_at <= %(before)s::timestamptz
  and t.since <= %(before)s::timestamptz
  and (t.since, c.id) > (%(at)s::timestamptz, %(id)s)
order by t.since, c.id
limit %(limit)s
