-- What an incident's posts are about, in which languages and where they were written; index member_in_time, then primary keys.
with said as (
    select v.topic, split_part(coalesce(v.lang, ''), '-', 1) as lang, p.network
    from incidents_member m
    join listen_post p on p.id = m.post_id
    left join triage_verdict v on v.post_id = m.post_id
    where m.incident_id = %(incident)s and m.out_at is null
)
select 'topic', t.name, count(*) from said join triage_topic t on t.id = said.topic group by t.name
union all select 'lang', lang, count(*) from said group by lang
union all select 'network', network, count(*) from said group by network
order by 1, 3 desc, 2
