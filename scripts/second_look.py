"""What failed while other tests ran beside it, once more and alone; `make test` calls it.

Two processes of tests, browsers and servers share a machine, and sometimes one waits too long for
another. What fails alone too is broken. What passes alone is named as unsteady: a fault all the
same, of the test or of the desk, that somebody should mend. More than a few failures are never
chance and are not looked at again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
FEW = 3


def main() -> int:
    """0 where each of a few failures passes alone, else 1."""
    failed = sorted(json.loads(FAILED.read_text())) if FAILED.exists() else []
    if not 0 < len(failed) <= FEW or not all("::" in name for name in failed):
        return 1
    _say(f"{len(failed)} failed beside others; once more, alone:", failed)
    alone = [sys.executable, "-m", "pytest", "-rsfE", "-n", "0", *failed]
    if subprocess.run(alone, check=False).returncode:
        return 1
    _say("Passed alone, and are UNSTEADY beside others:", failed)
    return 0


def _say(what: str, names: list[str]) -> None:
    sys.stdout.write("\n  ".join([what, *names]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
