-- What columns caught: each the newest posts of every sixth case, so that columns differ.
insert into listen_columnpost (column_id, post_id)
select col.id, p.id
from listen_column col
join listen_post p on p.id %% 6 = col.id %% 6
