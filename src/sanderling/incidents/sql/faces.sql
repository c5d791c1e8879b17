-- Names and pictures of some authors, for the gauge; the primary key of identities.
select who.id, who.network, who.handle, who.name, who.avatar
from listen_identity who
where who.id = any(%(authors)s::bigint[])
