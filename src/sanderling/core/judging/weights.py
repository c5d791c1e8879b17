"""Where the weights are, and the fast judge made of them."""

from __future__ import annotations

import zipfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from sanderling.core.judging.fast import Fast
from sanderling.core.judging.linear import Linear

SHIPPED = files("sanderling.core.judging").joinpath("trained")
"""The folder of the weights that come with the desk."""

FAST = "fast.npz"
ENGLISH, OTHERS = "en", "any"
"""The names of the encoders' files: for English, and for all other languages."""

NAMES = "names.json"


class Unavailable(Exception):
    """A judge cannot be had; the sentence says why, and what to do."""


class Names(msgspec.Struct, frozen=True):
    """What the judges of a folder are called: kept beside their verdicts."""

    fast: str
    careful: str


def linear_of(folder: Path) -> Linear:
    """The linear model of a folder. Raises Unavailable."""
    try:
        return Linear.load(folder / FAST)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
        raise Unavailable(broken(folder / FAST, error)) from error


@cache
def fast() -> Fast:
    """The fast judge that comes with the desk. Raises Unavailable."""
    with as_file(SHIPPED) as folder:
        return Fast(linear_of(folder), names_in(folder).fast)


def names_in(folder: Path) -> Names:
    """What the judges of a folder are called. Raises Unavailable."""
    try:
        return msgspec.json.decode((folder / NAMES).read_bytes(), type=Names)
    except (OSError, msgspec.MsgspecError) as error:
        raise Unavailable(broken(folder / NAMES, error)) from error


def broken(path: Path, error: Exception) -> str:
    """What to say of weights that cannot be read."""
    return (
        f"The weights in {path} cannot be read: {error}."
        " Install Sanderling again, or make them anew with `sanderling triage train`."
    )
