"""Jetstream, version 2: the firehose as JSON, of the collections one asks for. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from sanderling.networks.bluesky.changes import Change

METHOD = "network.bsky.jetstream.subscribeEvents"
SUBPROTOCOL = "xrpc.v1.json"


class _Payload(msgspec.Struct, gc=False):
    kind: str = msgspec.field(default="", name="$type")
    seq: int = 0
    did: str = ""
    time: str = ""
    operation: str = ""
    collection: str = ""
    rkey: str = ""
    cid: str = ""
    record: Any = None


class _Frame(msgspec.Struct, gc=False):
    payload: _Payload


_decode = msgspec.json.Decoder(_Frame).decode


def changes(frame: str | bytes, us: str) -> tuple[int, list[Change]]:
    """The place after a frame (0: it names none) and the change of a post in it, if it is one.

    `us` is our DID: a frame that does not contain it cannot speak to us. What cannot be decoded is
    left out.
    """
    try:
        told = _decode(frame).payload
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return 0, []
    whole = isinstance(told.record, dict) or told.operation == "delete"
    if told.collection != "app.bsky.feed.post" or not whole:
        return told.seq, []
    names_us = us in (frame if isinstance(frame, str) else frame.decode(errors="replace"))
    return told.seq, [
        Change(told.did, told.rkey, told.operation, told.time, told.record, told.cid, names_us)
    ]
