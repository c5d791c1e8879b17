-- Raw pages that nobody will read again, oldest first; primary key.
delete from listen_rawpage where id in (
    select r.id from listen_rawpage r join listen_account a on a.id = r.account_id
    where r.received_at < case when a.network = any(%(forgetting)s)
        then %(sooner)s::timestamptz else %(before)s::timestamptz end
    order by r.id limit 1000
)
