-- One proposal at a time in a case, until the transaction ends; primary key.
select id from cases_case where id = %(case)s for update
