-- What the open cases of some persons are about; the index on the person of identities, and case_of_requester.
select c.about_post_id
from listen_identity i
join cases_case c on c.requester_id = i.id
where i.person_id = any(%(persons)s) and c.state in ('new', 'open', 'waiting')
order by c.about_post_id
