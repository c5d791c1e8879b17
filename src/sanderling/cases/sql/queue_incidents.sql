-- Cases of incidents that stand and that nobody ended, due first; index case_of_incident, for the few that stand.
select id, due_at
from cases_case
where incident_id in (select id from incidents_incident where state in ('suspected', 'confirmed', 'eased'))
  and state in ('new', 'open', 'waiting') and not snoozed
  and (due_at, id) > (%(at)s::timestamptz, %(id)s)
  /* narrowed */
order by due_at, id
limit %(limit)s
