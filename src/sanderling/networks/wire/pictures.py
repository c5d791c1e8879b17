"""What hangs on a draft: a `data:` address, so that no file is needed. Pure."""

from __future__ import annotations

import base64
import binascii

from sanderling.core.network import Media, Refused
from sanderling.core.words import later


def content(media: Media) -> tuple[str, bytes]:
    """The type and bytes of what is to be uploaded; raises Refused in words."""
    head, _, body = media.url.partition(";base64,")
    try:
        found = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not head.startswith("data:") or not found:
        raise Refused(later("This file cannot be read, so it cannot be sent. Attach it again."))
    return head.removeprefix("data:").lower(), found
