-- Posts that were deleted; primary key. Tells whose stories must be told anew.
update cases_placement set gone = true
where post_id = any(%(posts)s) and not gone
returning post_id, account_id, customer_id
