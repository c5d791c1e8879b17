-- Posts that are placed by what was decided about them; primary key.
select id, account_id, author_id, remote_id, room, created_at, reply_to, thread,
    deleted_at is not null, direction = 'ours'
from listen_post where id = any(%(posts)s)
