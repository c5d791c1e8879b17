-- Recipients of rounds whose answer arrived, failed or was taken back since; recipient_on_its_way, primary keys.
update respond_recipient r
set at = %(now)s,
    state = case o.state when 'sent' then 'told' when 'withdrawn' then 'set aside' else 'failed' end,
    reason = case o.state when 'sent' then '' when 'withdrawn' then 'taken back' else 'failed' end,
    why = case o.state when 'sent' then '' when 'withdrawn' then %(taken_back)s else o.trouble end
from respond_outgoing o
where o.id = r.outgoing_id and (
    r.state in ('taken', 'failed') and o.state = 'sent'
    or r.state = 'taken' and (o.state in ('failed', 'withdrawn') or o.state = 'unsure' and o.wake_at is null)
)
returning r.incident_id
