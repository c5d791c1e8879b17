-- Posts of others that belong to an incident from now on, unless they belong to one, or were taken out; primary keys, index member_author. The caller holds the incident.
with put as (
    insert into incidents_member (post_id, incident_id, author_id, at, how, copy, by_id)
    select p.id, %(incident)s, p.author_id, p.created_at, %(how)s, v.copy_of is not null, %(by)s
    from listen_post p
    left join triage_verdict v on v.post_id = p.id
    where p.id = any(%(posts)s) and p.direction = 'theirs'
    order by p.id
    on conflict (post_id) do nothing
    returning post_id, author_id, at
), first as (
    select post_id, at from put order by at, post_id limit 1
), put_counts as (
    select count(*) as posts,
        count(distinct author_id) filter (where not exists (
            select from incidents_member m
            where m.incident_id = %(incident)s and m.author_id = put.author_id and m.out_at is null
        )) as authors
    from put
)
update incidents_incident i set
    posts = i.posts + c.posts,
    authors = i.authors + c.authors,
    began_at = least(i.began_at, f.at),
    first_post_id = case
        when i.first_post_id is null or (f.at, f.post_id) < (i.began_at, i.first_post_id)
        then f.post_id else i.first_post_id end
from put_counts c, first f
where i.id = %(incident)s
returning c.posts
