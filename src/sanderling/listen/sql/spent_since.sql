-- What an account has cost since a day; unique (account, day, ...).
select coalesce(sum(micros), 0)::bigint from listen_spend
where account_id = %(account)s and day >= %(since)s
