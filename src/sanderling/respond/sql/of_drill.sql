-- Whether an outgoing post belongs to an incident of a drill; primary keys, the index of recipients by outgoing post.
select i.id
from incidents_incident i
where i.drill_id is not null and i.id in (
    select c.incident_id from cases_case c where c.id = %(case)s
    union
    select b.incident_id from respond_broadcast b where b.id = %(broadcast)s
    union
    select r.incident_id from respond_recipient r where r.outgoing_id = %(outgoing)s
)
limit 1
