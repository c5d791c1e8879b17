-- The other cases of a customer, as whoever they wrote, newest first; indexes case_of_requester, placement_of_customer.
select c.id, c.title, c.state, c.tone, c.opened_at,
       coalesce((select said.flags
                 from cases_placement pl
                 join listen_post p on p.id = pl.post_id
                 join triage_verdict said on said.post_id = p.id
                 where pl.account_id = c.account_id and pl.customer_id = c.requester_id
                   and pl.case_id = c.id and left(p.text, 120) = c.title
                 limit 1), '{}')
from cases_case c
where c.requester_id = any(%(customers)s) and c.merged_into_id is null and c.id <> %(but)s
order by c.id desc
limit %(limit)s
