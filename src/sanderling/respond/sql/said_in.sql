-- What was said in a case and in which room, the newest first; placement_of_customer, primary keys, cases_note of the case.
(
    select p.room, l.role, who.handle, p.text
    from cases_case c
    join cases_placement l
        on l.account_id = c.account_id and l.customer_id = c.requester_id and l.case_id = c.id
    join listen_post p on p.id = l.post_id
    join listen_identity who on who.id = p.author_id
    where c.id = %(case)s
    order by p.id desc
    limit %(limit)s
)
union all
(
    select 'note', '', '', n.text
    from cases_note n
    where n.case_id = %(case)s
    order by n.id desc
    limit %(limit)s
)
