"""The tables follow the migrations, however many processes start at once."""

from __future__ import annotations

import os
import subprocess
import sys

from sanderling.store.server import Server

MIGRATES = """
import django
from sanderling import settings
from sanderling.store import schema, server
with server.ready(data=settings.DATA, url=settings.DATABASE_URL):
    django.setup()
    schema.bring_up_to_date()
    print(schema.pending())
"""


def test_processes_that_migrate_a_new_database_at_once_all_find_it_finished(data_home):
    folder = data_home / "to-migrate"
    env = os.environ | {
        "PYTHONPATH": "src",
        "DJANGO_SETTINGS_MODULE": "sanderling.settings",
        "SANDERLING_DATA": str(folder),
    }
    with Server(folder):
        crowd = [
            subprocess.Popen(
                [sys.executable, "-c", MIGRATES],
                env=env,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(3)
        ]
        said = [process.communicate(timeout=120) for process in crowd]
    assert [out for out, _ in said] == ["[]\n"] * 3, said
