"""Pictures and films on their way to X: at once where they are small, else in parts."""

from __future__ import annotations

import asyncio
from typing import Any

from sanderling.core.network import Media, Refused, Room, Unreachable
from sanderling.core.words import later
from sanderling.networks.wire.pictures import content
from sanderling.networks.x.client import Client, Json

AT_ONCE = 5_000_000
"""Pictures up to this size go in one call (bytes, docs.x.com, media upload)."""
PART = 4_000_000
PATIENCE_S = 15.0
"""How long X may work on a film; a sender's lease on its post is not much longer."""
MOST_ALT = 1000


async def upload(client: Client, media: Media, room: Room) -> str:
    """Upload what a `data:` address holds; its id on X. Nothing of it is seen before a post.

    Raises Refused for a file that cannot be read or that X cannot show.
    """
    media_type, held = content(media)
    category = _category(media_type, room)
    if category.endswith("_image") and len(held) <= AT_ONCE:
        id = _id(await client.upload_picture(held, category))
    else:
        id = await _in_parts(client, held, media_type, category)
    if media.alt:
        await client.describe(id, media.alt[:MOST_ALT])
    return id


async def _in_parts(client: Client, held: bytes, media_type: str, category: str) -> str:
    id = _id(await client.begin_upload(media_type, category, len(held)))
    for part, start in enumerate(range(0, len(held), PART)):
        await client.append(id, part, held[start : start + PART])
    await _ready(client, id, await client.finish_upload(id))
    return id


async def _ready(client: Client, id: str, answer: Json) -> None:
    """Wait until X has worked through it."""
    waited = 0.0
    while (state := _state(answer).get("state", "succeeded")) != "succeeded":
        if state == "failed":
            raise Refused(later("X cannot show this file. Try another format or a smaller one."))
        if waited >= PATIENCE_S:
            raise Unreachable(later("X is still working on this file."))
        wished = _state(answer).get("check_after_secs")
        pause = min(max(wished, 0.1), 5.0) if isinstance(wished, int | float) else 1.0
        await asyncio.sleep(pause)
        waited += pause
        answer = await client.upload_status(id)


def _state(answer: Json) -> dict[str, Any]:
    data = answer.get("data")
    found = data.get("processing_info") if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _category(media_type: str, room: Room) -> str:
    """X's word for it; pictures that move are another kind."""
    place = "dm" if room is Room.DIRECT else "tweet"
    if media_type == "image/gif":
        return f"{place}_gif"
    if media_type.startswith("video/"):
        return f"{place}_video"
    if media_type in ("image/jpeg", "image/png", "image/webp"):
        return f"{place}_image"
    raise Refused(later("X takes no files of the type {type}.").format(type=media_type[:40]))


def _id(answer: Json) -> str:
    data = answer.get("data")
    found = data.get("id") if isinstance(data, dict) else None
    if not isinstance(found, str):
        raise Unreachable(later("X did not say under which id it took the file."))
    return found
