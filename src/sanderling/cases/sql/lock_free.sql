-- Those of these cases that still have no owner and that nobody is taking this very moment; primary key.
select id
from cases_case
where id = any(%(ids)s) and state in ('new', 'open') and not snoozed and owner_id is null
order by id
for update skip locked
