"""How much may be uploaded at once: more is refused before it is read."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST = 24 * 2**20
"""Bytes of a whole request; the largest picture that any network takes, and its form."""


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep files, and keeps none itself."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Raises RequestDataTooBig, which is answered with 400."""
        if content_length > MOST:
            raise RequestDataTooBig(f"At most {MOST // 2**20} MB can be uploaded at once.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Others keep the file."""
