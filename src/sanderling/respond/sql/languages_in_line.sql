-- In which languages those write who wait in a round; index recipient_of_round, then primary keys.
select coalesce(v.lang, ''), count(*)
from respond_recipient r
left join triage_verdict v on v.post_id = r.post_id
where r.round_id = %(round)s and r.state = 'waiting'
group by 1
order by 2 desc, 1
