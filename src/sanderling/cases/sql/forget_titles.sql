-- Titles of cases in the words of a post that was erased: now those of the post the case is about; primary keys, placement_of_customer.
update cases_case c set title = left(about.text, 120)
from listen_post about
where about.id = c.about_post_id
  and c.id in (select case_id from cases_placement where post_id = any(%(posts)s))
  and not exists (
    select 1 from cases_placement pl join listen_post p on p.id = pl.post_id
    where pl.account_id = c.account_id and pl.customer_id = c.requester_id and pl.case_id = c.id
      and p.text <> '' and left(p.text, 120) = c.title)
