-- Numbers for new cases, so that a page's cases, placements and clocks can be written at once.
select nextval(pg_get_serial_sequence('cases_case', 'id'))
from generate_series(1, %(count)s)
