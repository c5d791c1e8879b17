-- The last posts that were written to us in public since the swell began; primary keys.
select p.id
from listen_post p
where p.id > coalesce(
          (select t.upto from incidents_tide t where t.at < %(since)s order by t.at desc limit 1), 0
      )
  and p.direction = 'theirs' and p.room = 'public' and p.to_us
order by p.id desc
limit %(most)s
