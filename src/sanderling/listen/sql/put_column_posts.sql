-- What the columns caught of a page; primary key (column, post).
insert into listen_columnpost (column_id, post_id)
select r.column_id, r.post_id
from json_to_recordset(%(rows)s::json) r(column_id bigint, post_id bigint)
where exists (select from listen_column c where c.id = r.column_id)
on conflict do nothing
