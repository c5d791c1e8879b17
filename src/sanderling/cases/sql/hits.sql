-- Posts that were found, each with the words of the search marked in its text; primary keys. A < would be read as a tag and left out, so that it travels as chr(4).
select p.id, p.created_at, p.room, p.direction,
       ts_headline('simple', translate(left(p.text, 4000), '<' || chr(2) || chr(3) || chr(4), chr(4)),
                   (/* narrowed */),
                   'StartSel=' || chr(2) || ', StopSel=' || chr(3)
                   || case when length(p.text) <= 600 then ', HighlightAll=true'
                      else ', MaxFragments=2, MaxWords=45, MinWords=25, FragmentDelimiter=" … "' end),
       who.name, who.handle, who.network, who.avatar, k.case_id, coalesce(c.state, ''),
       coalesce(v.flags, '{}')
from listen_post p
join listen_identity who on who.id = p.author_id
left join cases_placement k on k.post_id = p.id
left join cases_case c on c.id = k.case_id
left join triage_verdict v on v.post_id = p.id
where p.id = any(%(ids)s) and p.deleted_at is null
