-- What became of recipients of a round, many at once; primary key.
update respond_recipient r
set state = n.state, reason = n.reason, why = n.why, at = %(now)s,
    case_id = coalesce(n.case_id, r.case_id), outgoing_id = coalesce(n.outgoing, r.outgoing_id)
from json_to_recordset(%(rows)s) n (id bigint, state text, reason text, why text, case_id bigint, outgoing bigint)
where r.id = n.id and r.state = any(%(was)s)
