-- The next customer whom a running round answers from an account, locked with it; recipient_next.
select r.id, n.per_hour
from respond_recipient r
join respond_round n on n.id = r.round_id and n.state = 'running'
where r.round_id = %(round)s and r.account_id = %(account)s and r.state = 'waiting'
order by r.rank, r.id
limit 1
for update of r skip locked
for share of n skip locked
