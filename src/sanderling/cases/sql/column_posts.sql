-- The newest posts that a column caught, with verdict and case; primary key (column_id, post_id).
select p.id, p.room, p.direction, left(p.text, 600), p.created_at, p.deleted_at is not null,
       p.likes, p.reposts,
       who.name, who.handle, who.network, who.avatar, who.followers,
       v.kind, v.tone,
       c.id, c.state, a.name, a.initials, a.avatar,
       v.post_id is not null, coalesce(v.flags, '{}'), coalesce(v.unsure, '{}')
from listen_columnpost caught
join listen_post p on p.id = caught.post_id
join listen_identity who on who.id = p.author_id
left join triage_verdict v on v.post_id = p.id
left join cases_placement pl on pl.post_id = p.id
left join cases_case c on c.id = pl.case_id
left join people_agent a on a.id = c.owner_id
where caught.column_id = %(column)s and caught.post_id < %(before)s
order by caught.post_id desc
limit %(limit)s
