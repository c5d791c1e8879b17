-- The last public posts of others, to know near-copies of them; primary key, backwards.
select id, text, created_at from listen_post
where room = 'public' and direction = 'theirs' and text <> '' and not id = any(%(but)s)
order by id desc
limit %(limit)s
