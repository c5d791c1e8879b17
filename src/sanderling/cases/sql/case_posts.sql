-- The newest posts of a case, both rooms; index placement_of_customer, then primary keys.
select p.id, p.remote_id, p.room, p.direction, p.origin, pl.role, p.text, p.created_at, p.edited,
       p.deleted_at, p.likes, p.reposts, p.media,
       who.name, who.handle, who.network, who.avatar, p.url,
       v.post_id is not null, coalesce(v.flags, '{}'), coalesce(v.unsure, '{}')
from cases_case c
join cases_placement pl
  on pl.account_id = c.account_id and pl.customer_id = c.requester_id and pl.case_id = c.id
join listen_post p on p.id = pl.post_id
join listen_identity who on who.id = p.author_id
left join triage_verdict v on v.post_id = p.id
where c.id = %(case)s
order by pl.at desc, p.id desc
limit %(limit)s
