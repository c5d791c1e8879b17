-- How much was written lately about incidents that have eased, or were over since a time, and in the hour before; index member_in_time, move_of_row.
select i.id,
    count(*) filter (where m.at > greatest(%(lately)s, quiet.since)),
    count(distinct m.author_id) filter (where m.at > greatest(%(lately)s, quiet.since)),
    count(*) filter (where m.at <= %(lately)s)
from incidents_incident i
cross join lateral (
    select max(at) as since from store_move
    where kind = 'incident' and "row" = i.id and move in ('ease', 'end')) quiet
join incidents_member m on m.incident_id = i.id and m.out_at is null and m.at > %(before)s
where i.state = 'eased' or (i.state = 'over' and i.ended_at > %(over_since)s)
group by i.id
order by i.id
