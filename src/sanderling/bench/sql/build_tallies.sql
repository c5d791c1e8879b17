-- The numbers of the badges, in slots as many writers would have left them.
insert into cases_tally (state, owner, snoozed, slot, n)
select state, coalesce(owner, 0), snoozed, id %% 16, count(*) from matter group by 1, 2, 3, 4
