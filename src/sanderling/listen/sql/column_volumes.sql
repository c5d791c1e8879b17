-- When the newest posts of every column were written, no more than `most` each; primary key (column_id, post_id).
select col.id, floor(extract(epoch from %(now)s - p.created_at) / %(step)s)::int, count(*)
from listen_column col
cross join lateral (
  select caught.post_id from listen_columnpost caught
  where caught.column_id = col.id
  order by caught.post_id desc limit %(most)s
) newest
join listen_post p on p.id = newest.post_id
where p.created_at > %(since)s and p.created_at <= %(now)s
group by 1, 2
