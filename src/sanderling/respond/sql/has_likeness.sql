-- Whether answered cases can be compared, and whether pgvector could be had; the catalogue's keys.
select exists (
        select from pg_attribute
        where attrelid = 'respond_answered'::regclass and attname = 'likeness' and not attisdropped
    ),
    (select default_version from pg_available_extensions where name = 'vector')
