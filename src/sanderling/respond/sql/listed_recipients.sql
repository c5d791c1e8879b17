-- Recipients of one kind in an incident that stand in some states for some reasons, for people; recipient_once, primary keys.
select r.id, r.case_id, r.state, r.reason, r.why, r.at, i.name, i.handle, i.network, i.avatar, p.text, p.url
from respond_recipient r
join listen_post p on p.id = r.post_id
join listen_identity i on i.id = p.author_id
where r.incident_id = %(incident)s and r.kind = %(kind)s and r.state = any(%(states)s)
    and (%(reasons)s::text[] is null or (r.reason = any(%(reasons)s::text[])) = %(among)s)
order by r.rank, r.id
limit %(limit)s
