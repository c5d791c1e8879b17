-- Which incident the detector means by each of these keys now; index incident_of_key.
select distinct on (i.key) i.key, coalesce(whole.id, i.id)
from incidents_incident i
left join incidents_incident whole on whole.id = i.merged_into_id
where i.key = any(%(keys)s)
  and coalesce(whole.state, i.state) in ('suspected', 'confirmed', 'eased', 'over')
order by i.key, i.id desc
