-- What was written lately that belongs to no incident, to know which words are usual; primary keys, backwards.
select left(p.text, 600)
from listen_post p
where p.direction = 'theirs' and p.room = 'public' and p.text <> ''
  and not exists (select from incidents_member m where m.post_id = p.id)
order by p.id desc
limit %(limit)s
