-- How many wrote to us in public, ten minutes by ten minutes; primary key.
select t.at, t.authors from incidents_tide t where t.at >= %(since)s order by t.at
