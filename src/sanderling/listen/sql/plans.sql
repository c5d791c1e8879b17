-- What the people behind some identities pay for at a moment; primary keys.
select i.id, p.plan
from listen_identity i
join listen_person p on p.id = i.person_id
where i.id = any(%(identities)s) and p.plan <> ''
  and (p.plan_until is null or p.plan_until > %(now)s)
