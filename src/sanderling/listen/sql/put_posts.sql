-- Take in the new posts of a page; unique (network, scope, remote_id), so a rival's copy wins quietly.
insert into listen_post (
    network, scope, remote_id, account_id, author_id, room, direction, origin, to_us, text, lang,
    created_at, version_at, edited, reply_to, reply_to_author, quote_of, thread, counterpart, media,
    likes, reposts, deleted_at, closed, url)
select
    %(network)s, r.scope, r.remote_id, r.account, r.author, r.room, r.direction, r.origin, r.to_us,
    r.text, r.lang, r.created_at, r.version_at, r.edited, r.reply_to, r.reply_to_author, r.quote_of,
    r.thread, r.counterpart, r.media, 0, 0, d.at, r.closed,
    r.url
from json_to_recordset(%(rows)s::json) r(
    scope bigint, remote_id text, account bigint, author bigint, room text, direction text,
    origin text, to_us boolean, text text, lang text, created_at timestamptz,
    version_at timestamptz, edited boolean, reply_to text, reply_to_author text, quote_of text,
    thread text, counterpart text, media jsonb,
    closed boolean, url text)
left join listen_deletion d
    on d.network = %(network)s and d.scope = r.scope and d.remote_id = r.remote_id
order by r.remote_id
on conflict (network, scope, remote_id) do nothing
returning id, scope, remote_id, deleted_at is not null
