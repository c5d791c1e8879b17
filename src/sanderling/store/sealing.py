"""Sealing what must not be readable in the database or its backups: account secrets.

The keys lie outside the database, in a file of the data folder or where the settings say: Fernet
keys, the newest first, with spaces or lines between them. All of them open; the first one seals.
They are read every time, so that a key that is added counts at once in every process.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from sanderling.core.words import later
from sanderling.store.kept import kept_secret, replace_secret


class SealBroken(Exception):
    """A secret cannot be sealed or opened with the keys that are here; the sentence says what to
    do."""


class KeysElsewhere(Exception):
    """The keys are not ours to change; the sentence says why."""


def sealed(text: str) -> str:
    """`text`, readable only with our keys; raises SealBroken."""
    return _box(keys()).encrypt(text.encode()).decode() if text else ""


def opened(text: str) -> str:
    """What `sealed` was given; raises SealBroken."""
    if not text:
        return ""
    try:
        return _box(keys()).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(
            later(
                "A saved sign-in cannot be opened: its key is not in the key file. Put the old key"
                " file back, or connect the account again."
            )
        ) from error


def new_key() -> str:
    """A key that nobody has used yet."""
    return Fernet.generate_key().decode()


def keys() -> tuple[str, ...]:
    """Our keys, the newest first; the first one is made when it is first asked for. Raises
    SealBroken."""
    if settings.SEAL_KEYS:
        return tuple(settings.SEAL_KEYS.split())
    file: Path = settings.SEAL_KEYS_FILE
    try:
        return tuple(kept_secret(file, new_key).split())
    except OSError as error:
        raise SealBroken(
            later("The keys of saved sign-ins cannot be read from {file}: {why}.").format(
                file=file, why=error.strerror
            )
        ) from error


def keep_keys(now: tuple[str, ...]) -> None:
    """From now on these are our keys. Raises KeysElsewhere where the file cannot be written, and
    SealBroken where one of them is no key."""
    if settings.SEAL_KEYS:
        raise KeysElsewhere("The keys stand in the environment, which Sanderling cannot change.")
    _box(now)
    file: Path = settings.SEAL_KEYS_FILE
    try:
        replace_secret(file, "".join(f"{key}\n" for key in now))
    except OSError as error:
        raise KeysElsewhere(f"{file} cannot be written: {error.strerror}.") from error


@lru_cache(maxsize=4)
def _box(ours: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in ours])
    except ValueError as error:
        raise SealBroken(
            later("The keys of saved sign-ins are damaged. Put a copy back.")
        ) from error
