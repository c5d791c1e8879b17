-- Add how the new posts of a page came in; unique (account, day).
insert into listen_coverage
    (account_id, day, polled, streamed, pushed, repaired, listed, seen, missed_at)
select %(account)s, r.day, r.polled, r.streamed, r.pushed, r.repaired, 0, 0,
    case when r.repaired > 0 then %(now)s::timestamptz end
from json_to_recordset(%(rows)s::json)
    r(day date, polled int, streamed int, pushed int, repaired int)
order by r.day
on conflict (account_id, day) do update set
    polled = listen_coverage.polled + excluded.polled,
    streamed = listen_coverage.streamed + excluded.streamed,
    pushed = listen_coverage.pushed + excluded.pushed,
    repaired = listen_coverage.repaired + excluded.repaired,
    missed_at = coalesce(excluded.missed_at, listen_coverage.missed_at)
