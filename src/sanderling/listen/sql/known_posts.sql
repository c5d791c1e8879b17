-- Which posts of a page stand here already, in which wordings, and whether they are gone; unique (network, scope, remote_id).
select p.scope, p.remote_id, p.id, p.account_id, p.version_at, p.deleted_at is not null,
    p.author_id,
    case when p.edited
        then array(select v.version_at from listen_postversion v where v.post_id = p.id)
        else '{}' end
from json_to_recordset(%(rows)s::json) r(scope bigint, remote_id text)
join listen_post p
    on p.network = %(network)s and p.scope = r.scope and p.remote_id = r.remote_id
