"""`sanderling`: everything an installation can be told to do."""

import os

import django

from sanderling.cli.errors import people_can_read_errors

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanderling.settings")
with people_can_read_errors():
    django.setup()

from sanderling.cli.commands import main

__all__ = ["main"]
