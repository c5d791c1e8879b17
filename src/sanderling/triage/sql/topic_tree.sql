-- The whole tree of topics, of which there are few, to see whether it is still the one that is known.
select id, name, parent_id, words from triage_topic order by id
