-- An incident's posts and their authors in each step of a time; index member_in_time.
select step.at, count(m.post_id), count(distinct m.author_id)
from generate_series(%(since)s::timestamptz, %(last)s::timestamptz, %(step)s::interval) step(at)
left join incidents_member m
  on m.incident_id = %(incident)s and m.out_at is null
  and m.at >= step.at and m.at < step.at + %(step)s::interval
group by step.at
order by step.at
