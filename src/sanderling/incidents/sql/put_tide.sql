-- Who wrote to us in public since the last count, as ten minutes of their own, once; primary keys.
insert into incidents_tide (at, authors, upto)
select %(at)s, count(distinct p.author_id), coalesce(max(p.id), max(last.upto), 0)
from (
    select coalesce(
        (select t.upto from incidents_tide t order by t.at desc limit 1),
        (select max(id) from listen_post)
    ) upto
) last
left join listen_post p
       on p.id > last.upto and p.direction = 'theirs' and p.room = 'public' and p.to_us
on conflict (at) do nothing
returning at
