-- The verdicts on a page's newest wordings; primary key. What an agent decided about the same wording stands, and is told.
with given as (
    select * from json_to_recordset(%(rows)s::json) r(
        post_id bigint, needs_us boolean, kind text, tone smallint, urgency smallint, lang text,
        reasons jsonb, heat float, flags text[], odds jsonb, unsure text[], topic bigint,
        copy_of bigint, version_at timestamptz)
), put as (
    insert into triage_verdict as v (
        post_id, needs_us, kind, tone, urgency, lang, reasons, judge, heat, flags, odds, unsure,
        topic, copy_of, policy, version_at)
    select post_id, needs_us, kind, tone, urgency, lang, reasons, %(judge)s, heat, flags, odds,
        unsure, topic,
        -- What it copies came with it, or stands here and may be a copy itself.
        case when copy_of in (select post_id from given) then copy_of
            else (select coalesce(first.copy_of, first.post_id) from triage_verdict first
                  where first.post_id = given.copy_of) end,
        %(policy)s, version_at
    from given
    order by post_id
    on conflict (post_id) do update set
        needs_us = case when 'needs_us' = any(v.corrected) and v.version_at = excluded.version_at
            then v.needs_us else excluded.needs_us end,
        kind = case when 'kind' = any(v.corrected) and v.version_at = excluded.version_at
            then v.kind else excluded.kind end,
        tone = case when 'tone' = any(v.corrected) and v.version_at = excluded.version_at
            then v.tone else excluded.tone end,
        heat = case when 'tone' = any(v.corrected) and v.version_at = excluded.version_at
            then v.heat else excluded.heat end,
        urgency = case when 'urgency' = any(v.corrected) and v.version_at = excluded.version_at
            then v.urgency else excluded.urgency end,
        lang = case when 'lang' = any(v.corrected) and v.version_at = excluded.version_at
            then v.lang else excluded.lang end,
        topic = case when 'topic' = any(v.corrected) and v.version_at = excluded.version_at
            then v.topic else excluded.topic end,
        unsure = case when v.corrected <> '{}' and v.version_at = excluded.version_at
            then array(select unnest(excluded.unsure) except select unnest(v.corrected))
            else excluded.unsure end,
        corrected = case when v.version_at = excluded.version_at then v.corrected else '{}' end,
        reasons = excluded.reasons, judge = excluded.judge, flags = excluded.flags,
        odds = excluded.odds, copy_of = excluded.copy_of, policy = excluded.policy,
        version_at = excluded.version_at
    returning post_id, needs_us, kind, corrected
)
select post_id, needs_us, kind from put where corrected <> '{}'
