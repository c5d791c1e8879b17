-- We ourselves (number 0), and the customers of the cases.
insert into listen_identity (id, network, remote_id, handle, name, followers, avatar)
select n, 'practice', case when n = 0 then 'us' else 'old' || n end,
    case when n = 0 then 'NorthwindCare' else 'customer' || n end, 'Customer ' || n,
    n * n %% 5000, ''
from generate_series(0::bigint, %(cases)s / 2) n
