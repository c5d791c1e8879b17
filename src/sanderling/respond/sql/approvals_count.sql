-- How many answers an agent should look at: those they may decide, as in approvals.sql, and those sent back to them; approval_open.
select (
    select count(*) from respond_approval a
    join respond_outgoing o on o.id = a.outgoing_id
    join people_agent me on me.id = %(agent)s and me.is_active
    where a.decision = '' and case
        when o.by_id = me.id then o.helper <> '' and a.rule = %(by_helper)s
        else me.is_lead or exists (
            select from people_membership m join people_team t on t.id = m.team_id
            where m.agent_id = me.id and t.name = a.approvers
        )
    end
) + (
    select count(*) from respond_approval a
    join respond_outgoing o on o.id = a.outgoing_id
    join cases_case c on c.id = o.case_id
    where o.by_id = %(agent)s and o.helper = '' and a.decision = 'sent back'
        and a.decided_at > %(since)s and c.state not in ('resolved', 'closed', 'merged')
        and not exists (
            select from respond_outgoing later
            where later.case_id = o.case_id and later.room = o.room and later.id > o.id
                and later.by_id = o.by_id
        )
)
