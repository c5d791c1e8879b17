-- The case, or the one that it became part of, with its state; held until the transaction ends; primary key.
with recursive there (id, next) as (
    select id, merged_into_id from cases_case where id = %(case)s
    union all
    select c.id, c.merged_into_id from there join cases_case c on c.id = there.next
)
select c.id, c.state from cases_case c where c.id = (select id from there where next is null)
for update of c
