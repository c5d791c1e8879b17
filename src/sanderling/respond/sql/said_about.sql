-- What approvals may ask about a case: all that its customer's posts were flagged with; primary keys, placement_of_customer.
select c.kind, c.tone,
    coalesce((
        select array_agg(distinct flag)
        from cases_placement l
        join triage_verdict said on said.post_id = l.post_id
        cross join unnest(said.flags) flag
        where l.account_id = c.account_id and l.customer_id = c.requester_id
            and l.case_id = c.id and l.role = 'requester'
    ), '{}'),
    coalesce(v.lang, ''), a.network, a.handle, coalesce(i.followers, 0), coalesce(t.name, ''),
    case when h.plan_until is null or h.plan_until > %(now)s then coalesce(h.plan, '') else '' end
from cases_case c
join listen_account a on a.id = c.account_id
join listen_identity i on i.id = c.requester_id
left join people_team t on t.id = c.team_id
left join triage_verdict v on v.post_id = c.about_post_id
left join listen_person h on h.id = i.person_id
where c.id = %(case)s
