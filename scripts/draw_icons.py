"""Draw the icons of the installed app from the logo: scripts/draw_icons.py (needs Chromium).

`any` is the logo as it is; `maskable` has ground to its edges, and keeps the bird within the circle
that every device leaves standing.
"""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parents[1] / "src/sanderling/web/static"
SIZES = (192, 512)
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def masked(logo: str) -> str:
    """The logo with ground from edge to edge, and the bird smaller."""
    ground = re.search(r"<g clip-path.*?</g>", logo, re.S)
    bird = logo[ground.end() :].removesuffix("</svg>\n").removesuffix("</svg>")
    plain = ground[0].replace(' clip-path="url(#c)"', "")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'{plain}<g transform="translate(10 9) scale(.68)">{bird}</g></svg>'
    )


def smaller(png: bytes) -> bytes:
    """The same picture, packed as tightly as zlib can, and nothing told beside it."""
    at, parts = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        parts.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    data = zlib.compress(zlib.decompress(b"".join(d for n, d in parts if n == b"IDAT")), 9)
    out = [(n, d) for n, d in parts if n in KEPT and n != b"IDAT"]
    out.insert(-1, (b"IDAT", data))
    return png[:8] + b"".join(
        struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in out
    )


def main() -> None:
    logo = (STATIC / "logo-mark.svg").read_text()
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, drawing in (("any", logo), ("maskable", masked(logo))):
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size})
                sized = re.sub(r'(?<=64") width="64" height="64"', "", drawing)
                sized = sized.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
                page.set_content(f"<body style='margin:0'>{sized}")
                shot = page.locator("svg").screenshot(omit_background=True)
                (STATIC / "icons" / f"{name}-{size}.png").write_bytes(smaller(shot))
                page.close()


if __name__ == "__main__":
    main()
