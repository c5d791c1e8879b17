-- Forget answers whose question or answer was deleted, and the oldest beyond so many; primary keys, one scan.
delete from respond_answered s
where exists (
        select from listen_post p where p.id in (s.question_id, s.answer_id) and p.deleted_at is not null
    )
    or s.outgoing_id in (
        select outgoing_id from respond_answered order by outgoing_id desc offset %(most)s
    )
