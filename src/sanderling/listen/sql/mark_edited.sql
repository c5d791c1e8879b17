-- A post whose older wording arrived late was edited all the same; primary key.
update listen_post p set edited = true
from json_to_recordset(%(rows)s::json) r(id bigint) where p.id = r.id and not p.edited
