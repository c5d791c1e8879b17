-- So many agents at work who cannot sign in: hashing their passwords would take longer than the measurement.
insert into people_agent (password, email, name, initials, avatar, is_lead, is_active)
select '!', 'claims' || n || '@northwind.example', 'Claims ' || n, 'C' || n %% 1000, '', false, true
from generate_series(1, %(count)s) n
returning id
