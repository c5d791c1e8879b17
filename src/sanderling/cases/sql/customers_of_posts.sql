-- Whose matter some placed posts are; primary key.
select post_id, account_id, customer_id from cases_placement where post_id = any(%(posts)s)
