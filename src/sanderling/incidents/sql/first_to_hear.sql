-- Where a desk that never noticed anything begins to hear: so many posts back; primary key, backwards.
select coalesce(min(id) - 1, 0) from (select id from listen_post order by id desc limit %(back)s) newest
