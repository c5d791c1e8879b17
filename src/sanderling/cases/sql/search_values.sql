-- What may stand behind the filters of a search by now; small tables, each read once.
select 'owner', name from people_agent where is_active
union all select 'initials', initials from people_agent where is_active
union all select 'first', split_part(name, ' ', 1) from people_agent where is_active
union all select 'team', name from people_team
union all select distinct 'network', network from listen_account
union all select distinct 'topic', name from triage_topic
union all select distinct 'plan', plan from listen_person where plan <> ''
order by 1, 2
