-- Second looks that would come too late, or are more than can be had in time: the fast verdict stands.
delete from triage_look where post_id in (
    select post_id from triage_look
    where asked_at < %(since)s or asked_at < (
        select asked_at from triage_look order by asked_at desc offset %(most)s limit 1)
    for update skip locked)
