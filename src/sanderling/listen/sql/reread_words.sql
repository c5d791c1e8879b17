-- The words of posts that were edited, deleted or erased since they were read; primary keys.
with due as (
    delete from listen_reworded
    where id in (select id from listen_reworded order by id limit %(limit)s)
    returning post_id
), now as (
    select p.id, p.text, p.deleted_at is null and p.text <> '' as stands
    from listen_post p
    where p.id in (select post_id from due)
), gone as (
    delete from listen_words where post_id in (select id from now where not stands)
)
insert into listen_words (post_id, words)
select id, to_tsvector('simple', translate(text, '<', ' ')) from now where stands
on conflict (post_id) do update set words = excluded.words
