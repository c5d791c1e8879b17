-- Posts that hold the words of a search, newest first; index words_gin, or the primary key where the words are common.
select w.post_id
from listen_words w
left join cases_placement k on k.post_id = w.post_id
where w.post_id < %(before)s
  /* narrowed */
order by w.post_id desc
limit %(limit)s
