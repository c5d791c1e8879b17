-- Answers of a round that have surely not left and can be called back; recipient_of_round, primary keys, move_of_row.
select r.id, o.id
from respond_recipient r
join respond_outgoing o on o.id = r.outgoing_id
where r.round_id = %(round)s and r.state = 'taken' and o.state = 'queued' and not exists (
    select from store_move m
    where m.kind = 'outgoing' and m.row = o.id and m.move = 'lost sight'
)
order by o.id
