"""Where the weights are, and judges made of them."""

from __future__ import annotations

import zipfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from sanderling.core.judging.careful import Careful, Encoder
from sanderling.core.judging.fast import Fast
from sanderling.core.judging.linear import Linear

SHIPPED = files("sanderling.core.judging").joinpath("weights")
"""The folder of the weights that come with the desk."""

FAST = "fast.npz"
ENGLISH, OTHERS = "en", "any"
_READS = {"en": ENGLISH, "": OTHERS}
"""By language, "" for all others: the name of the encoder's files."""

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
        raise Unavailable(_broken(folder / FAST, error)) from error


def encoders_of(folder: Path) -> dict[str, Encoder]:
    """The encoders of a folder by language. Raises Unavailable where there is none."""
    found = {}
    for lang, name in _READS.items():
        if (folder / f"{name}.onnx").exists():
            try:
                found[lang] = Encoder.load(folder, name)
            except Exception as error:  # onnxruntime and tokenizers have no one error of theirs
                raise Unavailable(_broken(folder / f"{name}.onnx", error)) from error
    if not found:
        raise Unavailable(f"There is no careful judge in {folder}.")
    return found


@cache
def fast() -> Fast:
    """The fast judge that comes with the desk. Raises Unavailable."""
    with as_file(SHIPPED) as folder:
        return Fast(linear_of(folder), _names(folder).fast)


@cache
def careful() -> Careful:
    """The careful judge that comes with the desk. Raises Unavailable."""
    with as_file(SHIPPED) as folder:
        return Careful(encoders_of(folder), fast(), _names(folder).careful)


def _names(folder: Path) -> Names:
    try:
        return msgspec.json.decode((folder / NAMES).read_bytes(), type=Names)
    except (OSError, msgspec.MsgspecError) as error:
        raise Unavailable(_broken(folder / NAMES, error)) from error


def _broken(path: Path, error: Exception) -> str:
    return (
        f"The weights in {path} cannot be read: {error}."
        " Install Sanderling again, or make them anew with `sanderling triage train`."
    )
