-- How far each of these cases has come: what was last written, its newest step, and a person's newest; indexes cases_case_pkey and move_of_row.
select c.id, c.last_at,
       coalesce((select max(m.id) from store_move m where m.kind = 'case' and m.row = c.id), 0),
       coalesce((select max(m.id) from store_move m
                 where m.kind = 'case' and m.row = c.id and m.by_id is not null), 0)
from cases_case c
where c.id = any(%(ids)s)
