"""Makes the desk's fonts from Inter: python scripts/fonts.py FOLDER

FOLDER holds the files inter-*-opsz-normal.woff2 of @fontsource-variable/inter 5.3.0. Needs
fonttools and brotli, which nothing else here does. What the pages never show is left out: weights
below 400 and above 700, the optical sizes of headlines, fractions, arrows made of hyphens. Prints
a size and the `unicode-range` for css/tokens.css a file.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).parents[1] / "src/sanderling/web/static/fonts"
EUROPE = {*range(0x100, 0x180), *range(0x218, 0x21C), 0x192, 0x1E9E, 0x2020, *range(0x20A0, 0x20C1)}
"""What names and prices of Europe need beyond Latin 1; the rest is loaded where it stands."""
FEATURES = ["kern", "locl", "mark", "mkmk", "tnum"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, help="the folder with Inter's files")
    folder = asked.parse_args().folder
    for name in ("latin", "cyrillic", "cyrillic-ext", "greek", "vietnamese"):
        _make(folder, name, name, None)
    wider = set(_inter(folder, "latin-ext").getBestCmap()) - set(range(0x100))
    _make(folder, "latin-ext", "latin-ext", wider & EUROPE)
    _make(folder, "latin-ext", "latin-more", wider - EUROPE)


def _make(folder: Path, source: str, name: str, characters: set[int] | None) -> None:
    font = _inter(folder, source)
    instantiateVariableFont(font, {"opsz": 14, "wght": (400, 700)}, inplace=True)
    font.flavor, whole = None, io.BytesIO()
    font.save(whole)
    whole.seek(0)
    font = TTFont(whole)
    wanted = Options(layout_features=FEATURES, hinting=False, name_IDs=[0, 1, 2, 5, 13, 14])
    subset = Subsetter(wanted)
    subset.populate(unicodes=characters or set(font.getBestCmap()))
    subset.subset(font)
    font.flavor = "woff2"
    file = OUT / f"inter-{name}.woff2"
    font.save(file)
    print(f"{file.name}: {file.stat().st_size} bytes, {_ranges(sorted(font.getBestCmap()))}")  # noqa: T201  a script talks


def _inter(folder: Path, name: str) -> TTFont:
    return TTFont(folder / f"inter-{name}-opsz-normal.woff2")


def _ranges(characters: list[int]) -> str:
    runs: list[list[int]] = []
    for one in characters:
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return ", ".join(f"U+{a:04X}" if a == b else f"U+{a:04X}-{b:04X}" for a, b in runs)


if __name__ == "__main__":
    main()
