-- What customers' posts need has changed; primary keys. A judge alone takes no need away that people know of: from an edited post, or from a case that somebody works on.
update cases_placement p
set needs = r.needs, settled = p.settled and (r.needs <= p.needs or not %(decided)s)
from json_to_recordset(%(rows)s::json) r(post bigint, needs smallint)
where p.post_id = r.post and p.role = 'requester' and p.needs <> r.needs
  and (%(decided)s or r.needs > p.needs or not (
    exists (select from listen_post said where said.id = p.post_id and said.edited)
    or exists (
        select from cases_case c
        where (c.id = p.case_id or c.merged_into_id = p.case_id)
          and (exists (select from cases_note n where n.case_id = c.id)
            or exists (
                select from store_move m
                where m.kind = 'case' and m.row = c.id and m.by_id is not null)))))
returning p.post_id, p.account_id, p.customer_id
