"""Sealing what must not be readable in the database or its backups: account secrets.

The keys lie outside the database, in a file of the data folder or where SANDERLING_SEAL_KEYS says:
one Fernet key a line, the newest first. All of them open; the first one seals.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """A secret was sealed with a key that is not here; the sentence says what to do."""


def sealed(text: str) -> str:
    """`text`, readable only with our keys."""
    return _keys(settings.SEAL_KEYS()).encrypt(text.encode()).decode() if text else ""


def opened(text: str) -> str:
    """What `sealed` was given; raises SealBroken."""
    if not text:
        return ""
    try:
        return _keys(settings.SEAL_KEYS()).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(
            "A saved sign-in cannot be opened: its key is not in the key file. Put the old key file"
            " back, or connect the account again."
        ) from error


@lru_cache(maxsize=4)
def _keys(lines: str) -> MultiFernet:
    try:
        return MultiFernet([Fernet(line) for line in lines.split()])
    except ValueError as error:
        raise SealBroken("The key file for saved sign-ins is damaged. Put a copy back.") from error
