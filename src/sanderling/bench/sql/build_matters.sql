-- How each of so many cases stands: the oldest closed, then resolved, snoozed, waiting, and a tenth open.
create temporary table matter as
select g as id, state, snoozed, since, due_at, due_kind, owner,
    case when state = 'new' then 1 when state = 'open' and not snoozed then 3 else 2 end
        + case when open and g %% greatest(10, %(cases)s / 200) = 9 then 120 else 0 end as posts,
    -- Every customer has two cases, and some of them very many.
    case when state = 'closed' and g %% 997 = 0 then 1 + g %% 20 else 1 + g %% (%(cases)s / 2) end
        as customer,
    case when g %% 7 = 0 then 'direct' else 'public' end as room,
    case when snoozed then %(now)s + u * interval '1 day'
         when state = 'resolved' then %(now)s + u * interval '3 days' end as wake_at
from (
    select g, u, open, snoozed, state,
        case when open then %(now)s - u * interval '5 hours'
             else %(now)s - (1.01 - g::float8 / %(cases)s) * interval '700 days' end as since,
        case when open and state = 'new' then %(now)s - u * interval '5 hours' + interval '1 hour'
             when open then %(now)s - u * interval '5 hours' + interval '4 hours'
             else %(never)s end as due_at,
        case when open and state = 'new' then 'acknowledge' when open then 'answer' else '' end
            as due_kind,
        case when state <> 'new'
             then (%(agents)s::bigint[])[1 + g / 10 %% cardinality(%(agents)s::bigint[])] end
            as owner
    from (
        select g, u, open, place > 0.86 and place <= 0.87 as snoozed,
            case when open and g %% 10 < 6 then 'new' when open then 'open'
                 when place > 0.87 then 'waiting' when place > 0.86 then 'open'
                 when place > 0.83 then 'resolved' else 'closed' end as state
        from (
            select g, g::float8 / %(cases)s as place, g > %(cases)s * 9 / 10 as open,
                (hashint8(g) & 1048575) / 1048576.0 as u
            from generate_series(1::bigint, %(cases)s) g
        ) numbered
    ) placed
) stood
