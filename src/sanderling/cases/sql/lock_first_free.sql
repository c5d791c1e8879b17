-- The first of these cases that still has no owner and that nobody is taking this very moment; primary key.
select c.id
from unnest(%(ids)s::bigint[]) with ordinality as wanted(id, place)
join cases_case c on c.id = wanted.id
where c.state in ('new', 'open') and not c.snoozed and c.owner_id is null
order by wanted.place
limit 1
for no key update of c skip locked
