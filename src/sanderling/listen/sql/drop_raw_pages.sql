-- Raw pages that nobody will read again, oldest first; primary key.
delete from listen_rawpage where id in (
    select id from listen_rawpage where received_at < %(before)s order by id limit 1000
)
