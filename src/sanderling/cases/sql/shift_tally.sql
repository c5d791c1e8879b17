-- Move the counters of the badges; primary key (state, owner, team, snoozed, slot).
insert into cases_tally as t (state, owner, team, snoozed, slot, n)
select state, owner, team, snoozed, %(slot)s, n
from json_to_recordset(%(rows)s::json) r(state text, owner bigint, team bigint, snoozed boolean, n bigint)
order by state, owner, team, snoozed
on conflict (state, owner, team, snoozed, slot) do update set n = t.n + excluded.n
