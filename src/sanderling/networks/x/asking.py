"""Which fields we ask X for, in the request's words of the day.

Since X's OpenAPI 2.167 (2026-08-07) REST calls say `post.fields` and tell ids by expansions, and
streams still say `tweet.fields`. Should X's servers lag behind its document, calls fall back.
"""

from __future__ import annotations

from typing import Final

Params = dict[str, str]

_USER = "name,username,public_metrics,profile_image_url"
_MEDIA = "alt_text,duration_ms,media_key,preview_image_url,type,url"

POSTS: Final[Params] = {
    "post.fields": "attachments,conversation_id,created_at,display_text_range,entities,id,lang,"
    "note_post,reply_settings,text",
    "expansions": "author_id,in_reply_to_user_id,referenced_posts,attachments.media_keys",
    "user.fields": f"{_USER},connection_status,receives_your_dm",
    "media.fields": _MEDIA,
}
TWEETS: Final[Params] = {
    "tweet.fields": "attachments,author_id,conversation_id,created_at,display_text_range,"
    "edit_history_tweet_ids,entities,id,in_reply_to_user_id,lang,note_tweet,referenced_tweets,"
    "reply_settings,text",
    "expansions": "author_id,attachments.media_keys",
    "user.fields": _USER,
    "media.fields": _MEDIA,
}
REST: Final = (POSTS, TWEETS)
"""How REST calls ask: the first, until X does not understand it."""
STREAM: Final = TWEETS
MESSAGES: Final[Params] = {
    "dm_event.fields": "attachments,created_at,dm_conversation_id,entities,event_type,id,text",
    "event_types": "MessageCreate",
    "expansions": "sender_id,attachments.media_keys",
    "user.fields": f"{_USER},connection_status,receives_your_dm",
    "media.fields": _MEDIA,
}
ME: Final[Params] = {"user.fields": _USER}
