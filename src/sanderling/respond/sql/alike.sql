-- Answers to what is most like a question, of cases still solved; one scan of respond_answered, then keys.
with near as materialized (
    select outgoing_id, case_id, question_id, answer_id, room, at,
        -(likeness <#> %(likeness)s::sparsevec) as alike
    from respond_answered
    where room = any(%(rooms)s) and case_id <> %(case)s
        and (lang = %(lang)s or lang = '' or %(lang)s = '')
    order by alike desc
    limit %(looked_at)s
)
select near.alike, near.case_id, near.room, near.at, o.text, c.outcome, agent.name, i.name, i.handle,
    case near.room when 'direct' then (
        select string_agg(p.text, ' ')
        from cases_placement l
        join listen_post p on p.id = l.post_id
        where l.account_id = c.account_id and l.customer_id = c.requester_id
            and l.role = 'requester'
    ) else '' end
from near
join respond_outgoing o on o.id = near.outgoing_id
join people_agent agent on agent.id = o.by_id
join cases_case c on c.id = near.case_id and c.state in ('resolved', 'closed')
    and c.outcome in ('', 'solved')
join listen_identity i on i.id = c.requester_id
join listen_post q on q.id = near.question_id and q.deleted_at is null
join listen_post a on a.id = near.answer_id and a.deleted_at is null
where near.alike >= %(least)s::float8
order by near.alike desc, near.at desc
