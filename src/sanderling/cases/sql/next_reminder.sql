-- The next colleague to be reminded of a question, longest overdue first; index ask_remind.
select id
from cases_ask
where remind_at <= %(now)s::timestamptz
order by remind_at
limit 1
