-- The cases themselves; what they are about is the customer's last post.
insert into cases_case (
    id, account_id, requester_id, state, owner_id, title, about_post_id, kind, tone, urgency, reach,
    opened_at, last_at, due_at, due_kind, snoozed, wake_at, ended_at)
select m.id, %(account)s, m.customer, m.state, m.owner,
    left((%(texts)s::text[])[1 + m.id * 7 %% cardinality(%(texts)s::text[])], 120),
    (m.posts - 1 - (m.posts - 1) %% 2) * %(cases)s + m.id, 'complaint', m.id %% 4, 1,
    m.customer * m.customer %% 5000, m.since - (m.posts - 1) * interval '20 minutes', m.since,
    m.due_at, m.due_kind, m.snoozed, m.wake_at,
    case when m.state in ('resolved', 'closed') then m.since end
from matter m
order by m.id
