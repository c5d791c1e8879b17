-- How many other cases were told just this since a time, among the newest of ours; primary key.
select count(distinct o.case_id)
from (
    select case_id, account_id, text, created_at, state
    from respond_outgoing
    order by id desc
    limit %(limit)s
) o
where o.account_id = %(account)s and o.case_id <> %(case)s and o.created_at > %(since)s
    and o.state <> 'withdrawn'
    and regexp_replace(o.text, '^(@\S+\s+)+', '') = %(text)s
