-- Answers that wait for approval as an agent sees them, oldest first, or one of them; approval_open, then primary keys.
select a.id, o.id as outgoing, o.case_id, o.room, o.parts, o.helper,
    a.rule, a.policy, a.reason, a.approvers, a.was, a.asked_at, a.expires_at, a.holding <> '',
    o.by_id, author.name, author.initials, author.avatar,
    i.name, i.handle, i.network, i.avatar, acc.handle, c.state,
    p.text, p.created_at, p.room, p.url,
    coalesce((
        select b.was from respond_approval b join respond_outgoing was on was.id = b.outgoing_id
        where was.case_id = o.case_id and was.room = o.room and was.by_id = o.by_id
            and was.helper = o.helper and b.decision = 'sent back' and b.id < a.id
        order by b.id desc limit 1
    ), ''),
    coalesce((
        select b.note from respond_approval b join respond_outgoing was on was.id = b.outgoing_id
        where was.case_id = o.case_id and was.room = o.room and was.by_id = o.by_id
            and was.helper = o.helper and b.decision = 'sent back' and b.id < a.id
        order by b.id desc limit 1
    ), ''),
    coalesce((
        select max(l.post_id) from cases_placement l
        where l.account_id = c.account_id and l.customer_id = c.requester_id
            and l.case_id = c.id
    ), 0),
    exists (
        select from people_agent me
        where me.id = %(agent)s and me.is_active and case
            when o.by_id = me.id then o.helper <> '' and a.rule = %(by_helper)s
            else me.is_lead or exists (
                select from people_membership m join people_team t on t.id = m.team_id
                where m.agent_id = me.id and t.name = a.approvers
            )
        end
    ),
    coalesce((
        select jsonb_agg(jsonb_build_array(pic.id, pic.alt) order by pic.id)
        from respond_outgoing part join respond_picture pic on pic.outgoing_id = part.id
        where part.id = o.id or part.whole = o.whole and part.case_id = o.case_id
    ), '[]')
from respond_approval a
join respond_outgoing o on o.id = a.outgoing_id
join people_agent author on author.id = o.by_id
join cases_case c on c.id = o.case_id
join listen_account acc on acc.id = o.account_id
join listen_identity i on i.id = c.requester_id
left join lateral (
    select p.text, p.created_at, p.room, p.url from cases_placement l
    join listen_post p on p.id = l.post_id
    where l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
        and l.role <> 'us' and p.deleted_at is null and (p.room = o.room or o.room = 'direct')
    order by o.reply_to is not distinct from p.remote_id desc, p.created_at desc limit 1
) p on true
where a.decision = '' and (%(approval)s::bigint is null or a.id = %(approval)s)
order by a.asked_at, a.id
limit %(limit)s
