-- Cases of an incident, the last opened first; index case_of_incident, backwards.
select id from cases_case
where incident_id = %(incident)s and state <> 'merged' and id < %(before)s
order by id desc
limit %(limit)s
