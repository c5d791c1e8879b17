-- The clocks of each case's last turn; where nothing is due they were met.
insert into cases_clock (case_id, turn_id, kind, started_at, due_at, policy, met_at)
select c.id, c.about_post_id, policy.kind, m.since, m.since + promised, 1,
    case when policy.kind <> c.due_kind and c.state <> 'new' then m.since + interval '5 minutes' end
from cases_case c
join matter m on m.id = c.id
cross join (values ('acknowledge', interval '1 hour'), ('answer', interval '4 hours'))
    policy (kind, promised)
order by c.id
