-- The history of the cases that somebody took.
insert into store_move (kind, row, was, now, move, by_id, at, note)
select 'case', id, was, now, move, owner, since, ''
from matter, (values ('new', 'open', 'take'), ('open', 'waiting', 'reply')) step (was, now, move)
where owner is not null
order by since
