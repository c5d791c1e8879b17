-- Take some identities to ask about now; primary key. Waits for nobody: who is held is asked later.
with due as (
    select id from listen_identity
    where id = any(%(identities)s) and (ask_at is null or ask_at <= %(now)s)
    order by id for update skip locked
)
update listen_identity i set ask_at = %(again)s
from due where i.id = due.id
returning i.id, i.network, i.handle, case when i.network = 'mail' then i.remote_id else '' end
