-- Nobody's cases that wait for us and that nobody is offered, due first, with who had a case of the customer last; indexes case_owner and case_of_requester.
select c.id, c.team_id, c.skills, coalesce(v.lang, ''), known.agent, known.at
from cases_case c
left join triage_verdict v on v.post_id = c.about_post_id
left join lateral (
    select coalesce(e.owner_id, e.last_owner_id) as agent, e.last_at as at
    from cases_case e
    where e.requester_id = c.requester_id and coalesce(e.owner_id, e.last_owner_id) is not null
    order by e.id desc
    limit 1
) known on true
where c.state in ('new', 'open') and not c.snoozed and c.owner_id is null
  and not exists (select from cases_handover h where h.case_id = c.id and h.state = 'offered')
order by c.owner_id, c.due_at, c.id
limit %(most)s
