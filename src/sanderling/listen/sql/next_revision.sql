-- The columns changed. From a sequence, so that no revision comes twice, even after a rollback; primary key.
insert into listen_columnset (id, revision)
values (1, nextval(pg_get_serial_sequence('listen_columnset', 'id')))
on conflict (id) do update set revision = excluded.revision
