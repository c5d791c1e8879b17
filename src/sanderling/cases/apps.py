"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Cases(AppConfig):
    name = "sanderling.cases"
    label = "cases"
