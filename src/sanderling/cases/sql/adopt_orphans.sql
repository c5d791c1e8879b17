-- Ours whose parent has just come in; index orphan_parent. They stop waiting.
with found as (
    delete from cases_orphan o
    where o.network = %(network)s and o.parent = any(%(remote_ids)s)
    returning o.post_id, o.parent
)
select f.post_id, f.parent, p.remote_id, p.account_id, p.room, p.created_at, p.reply_to, p.thread,
    p.deleted_at is not null
from found f join listen_post p on p.id = f.post_id
