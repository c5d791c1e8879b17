-- The next numbers go on after those that were given.
select setval(pg_get_serial_sequence('listen_identity', 'id'), (select max(id) from listen_identity)),
    setval(pg_get_serial_sequence('listen_post', 'id'), (select max(id) from listen_post)),
    setval(pg_get_serial_sequence('cases_case', 'id'), (select max(id) from cases_case))
