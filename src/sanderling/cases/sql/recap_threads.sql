-- Posts of some accounts and the cases they stand in, merges followed; walks the primary keys.
with recursive batch as (
    select p.post_id, p.case_id from cases_placement p
    where p.post_id > %(after)s and p.account_id = any(%(accounts)s) and p.case_id is not null
    order by p.post_id
    limit %(limit)s
), way as (
    select b.post_id, c.id, c.merged_into_id
    from batch b join cases_case c on c.id = b.case_id
    union all
    select w.post_id, c.id, c.merged_into_id
    from way w join cases_case c on c.id = w.merged_into_id
)
select w.post_id, p.remote_id, w.id
from way w join listen_post p on p.id = w.post_id
where w.merged_into_id is null
order by w.post_id
