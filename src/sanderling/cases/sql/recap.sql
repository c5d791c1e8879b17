-- What came of all cases of some accounts; reads their cases and clocks once, for a report only.
with matter as (
    select c.id, c.state, k.answered, k.first_min
    from cases_case c
    left join lateral (
        select bool_or(k.met_at is not null) as answered,
            (array_agg(extract(epoch from k.met_at - k.started_at) / 60 order by k.started_at))[1]
                as first_min
        from cases_clock k
        where k.case_id = c.id and k.kind = 'answer' and k.void_at is null
    ) k on true
    where c.account_id = any(%(accounts)s) and c.state <> 'merged'
)
select count(*), count(*) filter (where answered), count(*) filter (where state in ('new', 'open')),
    round(percentile_cont(0.5) within group (order by first_min)::numeric, 1)::float8,
    round(percentile_cont(0.9) within group (order by first_min)::numeric, 1)::float8
from matter
