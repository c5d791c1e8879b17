-- How many posts each of these incidents had in each step of `step` seconds since `since`; index member_in_time.
select incident_id, floor(extract(epoch from at - %(since)s::timestamptz) / %(step)s)::int, count(*)
from incidents_member
where incident_id = any(%(ids)s) and out_at is null and at >= %(since)s
group by 1, 2
