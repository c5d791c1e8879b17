-- Open offers: to an agent and their teams, or of a case; or one offer by its number; indexes handover_offered, handover_open and the primary key.
select h.id, c.id, coalesce(nullif(who.name, ''), '@' || who.handle), c.title,
       h.by_id, giver.name, coalesce(receiver.name, t.name), h.to_id, h.to_team_id, h.note, h.at
from cases_handover h
join cases_case c on c.id = h.case_id
join listen_identity who on who.id = c.requester_id
join people_agent giver on giver.id = h.by_id
left join people_agent receiver on receiver.id = h.to_id
left join people_team t on t.id = h.to_team_id
where h.id = %(offer)s
   or h.state = 'offered' and h.case_id = %(case)s
   or h.state = 'offered' and c.state in ('new', 'open', 'waiting', 'merged')
      and h.by_id <> %(agent)s
      and (h.to_id = %(agent)s
           or h.to_team_id in (select m.team_id from people_membership m where m.agent_id = %(agent)s)
           or h.to_team_id is not null and %(agent)s <> 0
              and not exists (select from people_membership m where m.agent_id = %(agent)s))
order by h.at, h.id
limit %(most)s
