-- Cases whose tone swung one way since some time, newest first; index case_swing.
select id from cases_case
where swing = %(swing)s and swung_at >= %(since)s and state <> 'merged'
order by swung_at desc, id desc
limit %(limit)s
