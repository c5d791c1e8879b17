-- How far the rounds of an incident came: people by kind, state and why; the key of rounds to their incident, index recipient_of_round.
select n.kind, n.state, n.why, count(*)
from respond_round r
join respond_recipient n on n.round_id = r.id
where r.incident_id = %(incident)s
group by 1, 2, 3
order by 4 desc, 1, 2, 3
