"""The raw firehose: every change of every repository, as com.atproto.sync.subscribeRepos sends it.

A frame is two DAG-CBOR values, header and body; a body carries the changed blocks as a CAR file,
which is decoded only where a post was changed. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import libipld

from sanderling.core.network import Unreachable
from sanderling.core.words import later
from sanderling.networks.bluesky.changes import Change

_POSTS: Final = "app.bsky.feed.post/"
_ERROR: Final = -1


class FirehoseFault(Unreachable):
    """The server ends the stream; `error` is its name for why."""

    def __init__(self, error: str) -> None:
        self.error = error
        super().__init__(later("Bluesky's stream broke off ({error}).").format(error=error[:100]))


def changes(frame: bytes, us: bytes) -> tuple[int, list[Change]]:
    """The place after a frame (0: it names none) and the changes of posts in it.

    `us` is our DID: a change whose frame does not contain it cannot speak to us. What cannot be
    decoded is left out; raises FirehoseFault where the server says that it ends.
    """
    try:
        header, body = libipld.decode_dag_cbor_multi(frame)
    except (ValueError, RecursionError):
        return 0, []
    if not isinstance(header, dict) or not isinstance(body, dict):
        return 0, []
    if header.get("op") == _ERROR:
        raise FirehoseFault(str(body.get("error")))
    seq = body.get("seq")
    place = seq if isinstance(seq, int) else 0
    if header.get("t") != "#commit":
        return place, []
    ops = body.get("ops")
    posts = [op for op in ops if _of_post(op)] if isinstance(ops, list) else []
    return place, list(_changes(body, posts, us in frame)) if posts else []


def _of_post(op: Any) -> bool:
    return isinstance(op, dict) and str(op.get("path")).startswith(_POSTS)


def _changes(body: dict[str, Any], ops: list[Any], names_us: bool) -> Iterator[Change]:
    did, at, blocks = body.get("repo"), body.get("time"), body.get("blocks")
    if not isinstance(did, str) or not isinstance(at, str):
        return
    records: dict[bytes, Any] = {}
    if isinstance(blocks, bytes) and blocks:
        try:
            _, records = libipld.decode_car(blocks)
        except (ValueError, RecursionError):
            return
    for op in ops:
        cid, action = op.get("cid"), op.get("action")
        record = records.get(cid) if isinstance(cid, bytes) else None
        if action == "delete" or isinstance(record, dict):
            yield Change(did, op["path"][len(_POSTS) :], str(action), at, record, cid, names_us)


def as_json(value: Any) -> Any:
    """A record with its links to content written as in JSON: {"$link": "bafy..."}."""
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    if isinstance(value, bytes):
        return {"$link": cid_text(value)}
    return value


def cid_text(cid: bytes | str | None) -> str:
    """A CID as text; "" where it is none."""
    try:
        return libipld.encode_cid(cid) if cid else ""
    except (ValueError, TypeError):
        return ""
