-- Words that are due soon, and those that did not come in time, each marked once; word_owed.
update respond_word w
set warned_at = coalesce(w.warned_at, %(now)s),
    broken_at = case when w.due_at <= %(now)s then %(now)s end
where w.met_at is null and w.void_at is null and (
    w.warned_at is null and w.due_at <= %(until)s or w.broken_at is null and w.due_at <= %(now)s
)
returning w.incident_id
