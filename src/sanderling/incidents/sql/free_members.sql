-- Posts that an agent puts into an incident leave where they were, or were taken out of; primary key.
delete from incidents_member
where post_id = any(%(posts)s) and (incident_id <> %(incident)s or out_at is not null)
returning incident_id
