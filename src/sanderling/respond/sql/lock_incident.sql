-- An incident, held until the transaction ends, so that its voices speak one after the other; primary key.
select id from incidents_incident where id = %(incident)s for no key update
