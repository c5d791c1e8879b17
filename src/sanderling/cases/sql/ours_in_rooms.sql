-- Which of these posts of ours answer in public, in which case and from which account; primary keys.
select l.case_id, l.at, p.text, l.ends, a.remote_id, a.handle
from cases_placement l
join listen_post p on p.id = l.post_id
join listen_account a on a.id = l.account_id
where l.post_id = any(%(posts)s) and l.role = 'us' and l.room = 'public' and not l.gone
  and l.case_id is not null
order by l.case_id, l.at
