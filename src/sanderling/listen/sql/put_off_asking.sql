-- Ask about some identities later; primary key. Waits for nobody: who is held keeps the time they had.
with known as (
    select id from listen_identity where id = any(%(identities)s) order by id for update skip locked
)
update listen_identity i set ask_at = %(until)s from known where i.id = known.id
