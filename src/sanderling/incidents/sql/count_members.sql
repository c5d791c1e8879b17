-- Incidents whose posts left them are counted anew; indexes member_in_time and member_author.
update incidents_incident i set
    posts = (select count(*) from incidents_member m
             where m.incident_id = i.id and m.out_at is null),
    authors = (select count(distinct m.author_id) from incidents_member m
               where m.incident_id = i.id and m.out_at is null),
    first_post_id = (select m.post_id from incidents_member m
                     where m.incident_id = i.id and m.out_at is null
                     order by m.at, m.post_id limit 1),
    began_at = coalesce((select min(m.at) from incidents_member m
                         where m.incident_id = i.id and m.out_at is null), i.noticed_at)
where i.id = any(%(incidents)s)
