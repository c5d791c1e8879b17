-- Keep answers of solved cases, a batch; primary key.
insert into respond_answered (outgoing_id, case_id, question_id, answer_id, room, lang, at, likeness)
select r.outgoing_id, r.case_id, r.question_id, r.answer_id, r.room, r.lang, r.at, r.likeness::sparsevec
from json_to_recordset(%(rows)s) r (outgoing_id bigint, case_id bigint, question_id bigint,
    answer_id bigint, room text, lang text, at timestamptz, likeness text)
on conflict (outgoing_id) do nothing
