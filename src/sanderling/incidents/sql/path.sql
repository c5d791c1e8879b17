-- The newest readings of some incidents, each oldest first; index reading_once.
select r.incident_id, r.at, r.rate, r.reach, r.level
from unnest(%(incidents)s::bigint[]) i(id)
cross join lateral (
    select * from incidents_reading r where r.incident_id = i.id order by r.at desc limit %(limit)s
) r
order by r.incident_id, r.at
