-- Add a page's charges to the day's; unique (account, day, act, column, case).
insert into listen_spend (account_id, day, act, column_id, case_id, count, micros)
select %(account)s, %(day)s, r.act, r.column_id, %(case)s, r.count, r.micros
from json_to_recordset(%(rows)s::json) r(act text, column_id bigint, count int, micros bigint)
order by r.act, r.column_id
on conflict (account_id, day, act, column_id, case_id)
do update set count = listen_spend.count + excluded.count,
    micros = listen_spend.micros + excluded.micros
