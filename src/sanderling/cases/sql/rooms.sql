-- How a case stands between its two rooms, and the turn that was last; index placement_of_customer, else primary keys.
select c.id, c.state, c.invited_at, c.came_at, c.ended_at, c.outcome, c.owed_at, c.followed_at,
       coalesce((select l.room = 'public' from cases_placement l
                 where l.account_id = c.account_id and l.customer_id = c.requester_id
                   and l.case_id = c.id and l.role = 'requester' and not l.gone
                 order by l.at, l.post_id limit 1), false),
       (select min(l.at) from cases_placement l
        where l.account_id = c.account_id and l.customer_id = c.requester_id
          and l.case_id = c.id and l.role = 'us' and l.room = 'public' and not l.gone),
       coalesce((select l.room = 'direct' from cases_placement l
                 where l.account_id = c.account_id and l.customer_id = c.requester_id
                   and l.case_id = c.id and l.role = 'us' and not l.gone
                 order by l.at desc, l.post_id desc limit 1), false),
       coalesce((select k.turn_id from cases_clock k
                 where k.case_id = c.id and k.kind <> 'follow up'
                 order by k.started_at desc, k.turn_id desc limit 1), c.about_post_id),
       a.network, a.remote_id, a.handle, coalesce(v.lang, '')
from cases_case c
join listen_account a on a.id = c.account_id
left join triage_verdict v on v.post_id = c.about_post_id
where c.id = %(case)s
