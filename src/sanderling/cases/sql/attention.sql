-- How much waits for an agent, each counted up to a bound; indexes mention_unseen, ask_open, promise_due, case_snoozed.
select (select count(*) from (
            select 1 from cases_mention where agent_id = %(agent)s and seen_at is null
            limit %(most)s) m),
       (select count(*) from (
            select 1 from cases_ask
            where to_id = %(agent)s and answered_at is null and withdrawn_at is null
            limit %(most)s) a),
       (select count(*) from (
            select 1 from cases_promise p
            join cases_case c on c.id = p.case_id
            where p.kept_at is null and p.dropped_at is null and p.warned_at is not null
              and (p.by_id = %(agent)s or c.owner_id = %(agent)s)
            limit %(most)s) p),
       (select count(*) from (
            select 1 from cases_case where snoozed and waits_on <> '' limit %(most)s) o)
