"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Triage(AppConfig):
    name = "sanderling.triage"
    label = "triage"
