-- One post, for a person who moves it; primary key.
select account_id, author_id, remote_id, room, created_at, reply_to, thread,
    deleted_at is not null, direction = 'ours'
from listen_post where id = %(post)s
