-- What accounts' money went for since a day; unique (account, day, ...). A column that was taken
-- away has no name left.
select s.account_id, s.act, s.case_id is not null,
    case when s.column_id is not null then coalesce(c.name, 'a column that is gone') end,
    sum(s.micros)::bigint
from listen_spend s
left join listen_column c on c.id = s.column_id
where s.account_id = any(%(accounts)s) and s.day >= %(since)s
group by 1, 2, 3, 4
