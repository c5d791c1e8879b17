-- When the newest public status of an incident promised the next one; the key of broadcasts to their incident.
select next_at
from respond_broadcast
where incident_id = %(incident)s
order by at desc, id desc
limit 1
