-- The words that customers could read in public in a drill, also those typed in the network's own app; placement_of_customer.
select p.text
from cases_placement l
join listen_post p on p.id = l.post_id
where l.account_id = %(account)s and l.role = 'us' and l.room = 'public'
    and l.at between %(since)s and %(until)s
