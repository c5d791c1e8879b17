-- All clocks of some cases; primary key (case, turn, kind).
select case_id, turn_id, kind, met_at, void_at from cases_clock where case_id = any(%(ids)s)
