-- Cases that a search finds, newest first; the primary key, or what its conditions ask for.
select id
from cases_case
where id < %(before)s and state <> 'merged'
  /* narrowed */
order by id desc
limit %(limit)s
