-- Cases that rest because somebody else must move, first to wake on top; index case_snoozed.
select c.id, c.wake_at, who.name, c.waits_on,
       case c.waits_on
           when 'third party' then coalesce(
               (select m.note from store_move m
                where m.kind = 'case' and m.row = c.id and m.move = 'wait'
                order by m.id desc limit 1), '')
           else coalesce(
               (select string_agg(t.name, ', ' order by q.at) from cases_ask q
                join people_agent t on t.id = q.to_id
                where q.case_id = c.id and q.answered_at is null and q.withdrawn_at is null), '')
       end,
       a.id, a.name, a.initials, a.avatar
from cases_case c
join listen_identity who on who.id = c.requester_id
left join people_agent a on a.id = c.owner_id
where c.snoozed and c.waits_on <> ''
  and (c.wake_at, c.id) > (%(at)s::timestamptz, %(id)s)
order by c.wake_at, c.id
limit %(limit)s
