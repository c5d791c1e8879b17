-- When a drill was noticed and first spoken of to everybody, and how many promises of it were not kept; the few incidents of a drill, outgoing posts of a case.
select
    (select min(i.noticed_at) from incidents_incident i
     where i.drill_id = %(drill)s and i.state <> 'dismissed'),
    (select min(o.sent_at) from respond_broadcast b
     join incidents_incident i on i.id = b.incident_id
     join respond_outgoing o on o.broadcast_id = b.id
     where i.drill_id = %(drill)s and o.sent_at <= %(until)s),
    (select count(*) from cases_promise p
     join cases_case c on c.id = p.case_id
     where c.account_id = %(account)s and p.at >= %(since)s and p.due_at < %(until)s
         and p.dropped_at is null and (p.kept_at is null or p.kept_at > p.due_at))
    + (select count(*) from respond_broadcast b
       join incidents_incident i on i.id = b.incident_id
       where i.drill_id = %(drill)s and b.next_at < %(until)s and not exists (
           select from respond_broadcast next
           where next.incident_id = b.incident_id and next.at > b.at and next.at <= b.next_at))
