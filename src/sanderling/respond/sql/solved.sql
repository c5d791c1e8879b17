-- Answers in solved cases that are not remembered yet, each with the post it answers; case_wake, then keys.
select o.id, o.case_id, q.id, a.id, o.room, coalesce(v.lang, q.lang, ''), o.sent_at, q.text
from cases_case c
join respond_outgoing o on o.case_id = c.id and o.state = 'sent' and o.remote_id is not null
    and o."then" <> 'keep open' and not o.invites
join listen_account us on us.id = o.account_id
join listen_post a on a.network = us.network and a.remote_id = o.remote_id
    and a.scope = case o.room when 'direct' then us.id else 0 end
join lateral (
    select p.id, p.text, p.lang
    from cases_placement l
    join listen_post p on p.id = l.post_id
    where l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
        and l.role = 'requester' and l.at <= o.sent_at and p.text <> '' and p.deleted_at is null
        and (l.room = 'public' or o.room = 'direct')
    order by l.needs > 0 desc, l.at desc
    limit 1
) q on true
left join triage_verdict v on v.post_id = q.id
where c.wake_at is not null and c.state in ('resolved', 'closed') and c.outcome in ('', 'solved')
    and a.deleted_at is null
    and not exists (select from respond_answered known where known.outgoing_id = o.id)
    -- what left by itself, because nobody approved in time, is no person's answer
    and not exists (
        select from respond_approval w where w.outgoing_id = o.id and w.decision = 'expired'
    )
order by o.id
limit %(limit)s
