-- Move the counters of the badges; primary key (state, owner, snoozed, slot).
insert into cases_tally as t (state, owner, snoozed, slot, n)
select state, owner, snoozed, %(slot)s, n
from json_to_recordset(%(rows)s::json) r(state text, owner bigint, snoozed boolean, n bigint)
order by state, owner, snoozed
on conflict (state, owner, snoozed, slot) do update set n = t.n + excluded.n
