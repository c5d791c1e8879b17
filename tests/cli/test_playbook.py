"""`sanderling playbook`, run for real."""

from __future__ import annotations

import subprocess
import sys

from processes import in_folder

MINE = 'name = "mine"\ntitle = "Mine"\n\n[[steps]]\ntext = "Look"\n'


def test_a_playbook_is_checked_without_a_desk(data_home, tmp_path):
    def checked(text: str) -> subprocess.CompletedProcess:
        file = tmp_path / "mine.toml"
        file.write_text(text)
        return subprocess.run(
            [sys.executable, "-m", "sanderling", "playbook", "check", str(file)],
            env=in_folder(data_home / "playbook"), capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip

    told = checked(MINE)
    assert told.returncode == 0, told.stderr
    assert "mine.toml fits: 1 steps" in told.stderr
    told = checked(MINE + 'role = "boss"\n')
    assert told.returncode == 1
    assert "line 6: steps 1, role" in told.stderr
