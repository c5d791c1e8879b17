-- A desk with a past: posts with their authors, verdicts, cases, placements and clocks.
with people as (
    insert into listen_identity (network, remote_id, handle, name, followers, avatar)
    select 'practice', 'old' || g, 'old' || g, 'Old ' || g, 100, ''
    from generate_series(1, greatest(1, %(posts)s / 2)) g
    returning id, remote_id
), posts as (
    insert into listen_post (
        network, scope, remote_id, account_id, author_id, room, direction, origin, to_us, text,
        created_at, version_at, edited, thread, likes, reposts)
    select 'practice', 0, 's' || g, %(account)s, p.id, 'public', 'theirs', 'customer', true,
        '@NorthwindCare my phone has had no signal since Monday morning, number ' || g,
        timestamptz '2025-06-01' + g * interval '2 seconds',
        timestamptz '2025-06-01' + g * interval '2 seconds', false, 't' || g, 0, 0
    from generate_series(1, %(posts)s) g
    join people p on p.remote_id = 'old' || (1 + g %% greatest(1, %(posts)s / 2))
    returning id, author_id, created_at
), verdicts as (
    insert into triage_verdict (post_id, needs_us, kind, tone, urgency, lang, reasons, judge)
    select id, true, 'complaint', 3, 1, 'en', '[["trouble", "Says “no signal”"]]', 'rules-1'
    from posts
), cases as (
    insert into cases_case (
        account_id, requester_id, state, title, about_post_id, kind, tone, urgency, reach,
        opened_at, last_at, due_at, due_kind, snoozed)
    select %(account)s, author_id, case when author_id %% 10 = 0 then 'new' else 'closed' end,
        'my phone has had no signal', max(id), 'complaint', 3, 1, 100, min(created_at),
        max(created_at), min(created_at) + interval '1 hour', 'acknowledge', false
    from posts group by author_id
    returning id, requester_id, about_post_id, opened_at
), placements as (
    insert into cases_placement (
        post_id, account_id, customer_id, case_id, role, room, at, needs, ends, gone, starts,
        settled, names)
    select p.id, %(account)s, p.author_id, c.id, 'requester', 'public', p.created_at, true, false,
        false, true, true, array[p.id]
    from posts p join cases c on c.requester_id = p.author_id
)
insert into cases_clock (case_id, turn_id, kind, started_at, due_at, policy, met_at)
select id, about_post_id, kind, opened_at, opened_at + due, 1, opened_at
from cases, (values ('acknowledge', interval '1 hour'), ('answer', interval '4 hours')) k(kind, due)
