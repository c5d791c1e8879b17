-- The words of posts that have none yet, oldest first; primary keys. Pages that were slow to commit are found a little way back.
insert into listen_words (post_id, words)
select p.id, to_tsvector('simple', translate(p.text, '<', ' '))
from listen_post p
where p.id > (select coalesce(max(post_id), 0) from listen_words) - %(back)s
  and p.deleted_at is null and p.text <> ''
  and not exists (select from listen_words w where w.post_id = p.id)
order by p.id
limit %(limit)s
on conflict (post_id) do nothing
