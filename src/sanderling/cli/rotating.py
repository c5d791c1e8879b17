"""`sanderling rotate-key`: a new key for the sign-ins of our accounts.

Whatever kills it, every secret can be opened: the new key stands in the file before anything is
sealed with it, and an old one leaves only when nothing needs it.
"""

from __future__ import annotations

from sanderling.cli.errors import Unready, screen
from sanderling.listen.accounts import seal_anew
from sanderling.store.sealing import KeysElsewhere, SealBroken, keep_keys, keys, new_key


def rotate(*, drop_old: bool) -> None:
    """Seal every account's secret with a new key; raises Unready."""
    try:
        _rotate(drop_old=drop_old)
    except (SealBroken, KeysElsewhere) as error:
        raise Unready(str(error)) from error


def _rotate(*, drop_old: bool) -> None:
    old, made = keys(), new_key()
    try:
        keep_keys((made, *old))
    except KeysElsewhere as error:
        _without_a_file(error, made)
        return
    _seal_anew()
    if drop_old:
        seal_anew()  # what a process was about to save, sealed with an old key, stands there by now
        keep_keys((made,))
        screen.print("The old keys are gone: a backup made before now needs its own copy of them.")
    else:
        screen.print("The old keys stay for backups that need them; --drop-old removes them.")


def _without_a_file(error: KeysElsewhere, made: str) -> None:
    """The first key that is given seals; a new one can only be offered."""
    _seal_anew()
    screen.print(
        f"No key was added. {error} To change the key, put this one before the others there,"
        f" start Sanderling anew, and run this command again:\n  {made}\n"
        "Take the old keys away only after that.",
        markup=False,
    )


def _seal_anew() -> None:
    closed = seal_anew()
    screen.print("Every sign-in is sealed with the newest key.")
    for account in closed:
        screen.print(
            f"Except that of {account}, which none of our keys opened before either. Connect it"
            " again, or put the key back that it was sealed with.",
            markup=False, style="yellow",
        )  # fmt: skip
