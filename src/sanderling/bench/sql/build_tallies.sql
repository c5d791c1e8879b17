-- The numbers of the badges, in slots as many writers would have left them.
insert into cases_tally (state, owner, team, snoozed, slot, n)
select state, coalesce(owner, 0), 0, snoozed, id %% 16, count(*) from matter group by 1, 2, 4, 5
