"""Pictures that an account uploaded, as files named after what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sanderling.networks.practice.wire import Problem

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


class Pictures:
    """The folder of uploaded pictures; made with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, kind: str, held: bytes) -> str:
        """Keep a picture; its path on this server. Raises Problem for what is none."""
        if kind not in ENDINGS or not held:
            raise Problem(422, "Pictures are JPEG, PNG, GIF or WebP here.")
        name = f"{hashlib.sha256(held).hexdigest()[:32]}.{ENDINGS[kind]}"
        self._folder.mkdir(exist_ok=True)
        (self._folder / name).write_bytes(held)
        return f"/uploads/{name}"

    def find(self, name: str) -> tuple[str, bytes]:
        """Type and bytes of a picture; raises Problem where there is none."""
        stem, _, ending = name.partition(".")
        kind = next((kind for kind, known in ENDINGS.items() if known == ending), "")
        file = self._folder / name
        if not kind or not stem.isalnum() or not file.is_file():
            raise Problem(404, "There is no such picture.")
        return kind, file.read_bytes()
