"""How long texts are in graphemes, as the PDS itself counts them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from servers.bluesky.devnet import HERE, INSTALLED, NODE


def counted(texts: Sequence[str]) -> list[int]:
    """The PDS's count for each text."""
    told = subprocess.run(
        [NODE, HERE / "graphemes.mjs"],
        cwd=INSTALLED, input=json.dumps(texts), capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    return list(json.loads(told.stdout))
