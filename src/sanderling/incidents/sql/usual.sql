-- Posts a minute on an ordinary day of the last two weeks, null while no day is over; index coverage_once.
select sum(c.polled + c.streamed + c.pushed)::float8 / nullif(count(distinct c.day), 0) / 1440
from listen_coverage c
where c.day < %(today)s::date and c.day >= %(today)s::date - 14
