-- How many verdicts people saw and corrected, by team and aspect; reads the moves, cases and corrections of a time once, for a report only.
with acted as (
    select distinct coalesce(c.merged_into_id, c.id) as id
    from store_move m join cases_case c on c.id = m.row
    where m.kind = 'case' and m.by_id is not null and m.at >= %(since)s and m.at < %(now)s
), said as (
    select distinct on (post_id, aspect, version_at) post_id, aspect, was, now
    from triage_correction where at >= %(since)s and at < %(now)s
    order by post_id, aspect, version_at, id
), stands as (
    select distinct on (post_id, aspect, version_at) post_id, aspect, now
    from triage_correction where at >= %(since)s and at < %(now)s
    order by post_id, aspect, version_at, id desc
), corrected as (
    select distinct said.post_id, said.aspect
    from said join stands using (post_id, aspect) where said.was <> stands.now
), seen as (
    select p.post_id from acted a
    join cases_case c on c.id = a.id
    join cases_placement p on p.account_id = c.account_id and p.customer_id = c.requester_id
        and p.case_id = c.id and p.role <> 'us'
    union
    select post_id from said
)
select acc.team_id, aspect.name, count(*), count(corrected.post_id)
from seen
join triage_verdict v on v.post_id = seen.post_id
join listen_post post on post.id = seen.post_id
join listen_account acc on acc.id = post.account_id
cross join unnest(%(aspects)s::text[]) as aspect(name)
left join corrected on corrected.post_id = seen.post_id and corrected.aspect = aspect.name
group by acc.team_id, aspect.name
