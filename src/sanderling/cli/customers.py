"""`sanderling import-customers`: the company's own list of customers, from a CSV file."""

from __future__ import annotations

from pathlib import Path

from sanderling.cli.errors import Unready, screen
from sanderling.cli.installation import now
from sanderling.core.customers import LONGEST, read
from sanderling.listen.importing import Unfit, take_in_customers
from sanderling.wiring import NETWORKS

MOST_SHOWN = 50


def import_customers(file: Path) -> None:
    """Take in the whole file or, where any line is bad, nothing; raises Unready."""
    customers = read(_text(file), NETWORKS)
    try:
        taken = take_in_customers(file=customers, source=file.name, now=now())
    except Unfit as unfit:
        for bad in unfit.bad[:MOST_SHOWN]:
            screen.print(str(bad), markup=False, style="red")
        more = len(unfit.bad) - MOST_SHOWN
        rest = f" and {more:,} more that are not shown" if more > 0 else ""
        raise Unready(
            f"Nothing was taken in: {len(unfit.bad):,} lines are bad{rest}. Correct them, then"
            " import the file again."
        ) from unfit
    screen.print(
        f"{taken.lines:,} lines: {taken.added:,} people are new, {taken.changed:,} changed,"
        f" {taken.linked:,} identities were linked.",
        markup=False,
    )
    if taken.unseen:
        screen.print(
            f"{taken.unseen:,} have not written to us yet. Import the file again when they have."
        )


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > 4 * LONGEST:
            raise Unready(f"{file} is larger than {LONGEST:,} characters. Split it.")
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise Unready(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unready(f"{file} is not UTF-8. Save it as CSV UTF-8 and try again.") from error
