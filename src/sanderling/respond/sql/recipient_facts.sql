-- What is known of recipients of rounds, to say who gets an answer; primary keys, placement_of_customer, member_author, recipient_once.
select r.id, r.kind, r.customer_id, r.account_id, r.post_id, r.wording,
    r.by_id is not null as by_hand, c.id as case_id, coalesce(c.state, '') as state,
    p.room, p.text, p.url, p.deleted_at is not null as gone, p.closed, p.to_us,
    i.name, i.handle, i.network, i.avatar, coalesce(i.followers, 0), i.follows_us, i.takes_messages,
    a.handle as ours, coalesce(nullif(a.name, ''), a.handle) as account,
    exists (
        select from listen_account x where x.network = i.network and x.remote_id = i.remote_id
    ) as is_ours,
    coalesce(m.copy, false) and not exists (
        select from incidents_member w
        where w.incident_id = r.incident_id and w.author_id = p.author_id and w.out_at is null
            and not w.copy
    ) as copy,
    exists (
        select from cases_placement l
        join listen_post said on said.id = l.post_id
        where l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
            and l.role = 'us' and l.at > p.created_at and not exists (
                select from respond_outgoing o
                join respond_recipient q on q.outgoing_id = o.id
                where o.case_id = c.id and o.remote_id = said.remote_id
            )
    ) as answered,
    coalesce(owner.name, '') as owner,
    coalesce((
        select who.name from (
            select d.agent_id from respond_draft d
            where d.case_id = c.id and d.room <> 'note' and d.saved_at > p.created_at
            union all
            select h.agent_id from cases_here h
            where h.case_id = c.id and h.doing in ('public', 'direct') and h.at > %(fresh)s
        ) typing join people_agent who on who.id = typing.agent_id
        limit 1
    ), '') as writer,
    exists (
        select from respond_outgoing o
        where o.case_id = c.id and o.id is distinct from r.outgoing_id
            and o.state in ('queued', 'held', 'sending', 'unsure')
    ) as on_its_way,
    coalesce((
        select known.handle from incidents_incident there
        join respond_recipient q on q.incident_id = there.id and q.kind = r.kind
            and q.customer_id = any(array(
                select o.id from listen_identity o
                where o.id in (r.customer_id, p.author_id) or o.person_id = i.person_id
            ))
        join listen_identity known on known.id = q.customer_id
        where (there.id = r.incident_id or there.merged_into_id = r.incident_id)
            and q.state in ('taken', 'told') and q.id <> r.id
        limit 1
    ), '') as told_as,
    coalesce((
        select array_agg(distinct flag)
        from cases_placement l
        join triage_verdict said on said.post_id = l.post_id
        cross join unnest(said.flags) flag
        where l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
            and l.role = 'requester'
    ), v.flags, '{}') as flags,
    coalesce(c.kind, v.kind, 'other'), coalesce(c.tone, v.tone, 1), coalesce(v.lang, ''),
    coalesce(t.name, '') as team,
    case when h.plan_until is null or h.plan_until > %(now)s then coalesce(h.plan, '') else '' end as plan,
    n.drill_id is not null as drill
from respond_recipient r
join incidents_incident n on n.id = r.incident_id
join listen_post p on p.id = r.post_id
join listen_identity i on i.id = p.author_id
join listen_account a on a.id = r.account_id
left join incidents_member m on m.post_id = r.post_id
left join cases_placement here on here.post_id = r.post_id and here.role = 'requester'
left join cases_case c on c.id = here.case_id
left join people_agent owner on owner.id = c.owner_id
left join people_team t on t.id = c.team_id
left join triage_verdict v on v.post_id = r.post_id
left join listen_person h on h.id = i.person_id
where r.id = any(%(recipients)s)
order by r.rank, r.id
