-- One post, who wrote it, and the case it stands in; primary keys.
select p.id, p.room, p.direction, left(p.text, 4000), p.created_at, p.version_at,
       p.deleted_at is not null, p.url,
       who.name, who.handle, who.network, who.avatar, pl.case_id
from listen_post p
join listen_identity who on who.id = p.author_id
left join cases_placement pl on pl.post_id = p.id
where p.id = %(post)s
