-- Erase what was deleted on networks whose rules want it gone here too; post_forgettable. Tells which posts went.
with gone as (
    update listen_post set text = '', media = null
    where id in (
        select id from listen_post
        where deleted_at is not null and (text <> '' or media is not null) and network = any(%(networks)s)
        limit 1000)
    returning id
), versions as (
    delete from listen_postversion where post_id in (select id from gone)
), told as (
    insert into listen_reworded (post_id) select id from gone
)
select id from gone order by id
