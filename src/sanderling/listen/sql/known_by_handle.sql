-- Identities by network and handle, or by email; one walk over listen_identity for a whole file.
select i.id, i.network, lower(i.handle), i.remote_id, i.person_id, l.by_id is not null
from listen_identity i
left join listen_linking l on l.identity_id = i.id and l.until is null
where (i.network, lower(i.handle)) in (
    select r.network, r.handle
    from json_to_recordset(%(handles)s::json) r(network text, handle text))
or (i.network = 'mail' and lower(i.remote_id) = any(%(emails)s))
order by i.id
