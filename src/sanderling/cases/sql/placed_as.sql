-- In which role some posts stand; primary key.
select post_id, role from cases_placement where post_id = any(%(posts)s)
