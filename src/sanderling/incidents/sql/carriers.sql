-- Whose followers an incident reaches, the most first, with the newest post of each; index member_author, then primary keys.
select who.id, who.name, who.handle, who.network, who.avatar, coalesce(who.followers, 0), m.posts,
    m.newest, left(p.text, 280), p.deleted_at is not null,
    coalesce(who.followers, 0) / greatest(sum(coalesce(who.followers, 0)) over (), 1)::float
from (
    select author_id, count(*) as posts, max(post_id) as newest
    from incidents_member
    where incident_id = %(incident)s and out_at is null
    group by author_id
) m
join listen_identity who on who.id = m.author_id
join listen_post p on p.id = m.newest
order by coalesce(who.followers, 0) desc, who.id
limit %(limit)s
