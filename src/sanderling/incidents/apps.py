"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Incidents(AppConfig):
    name = "sanderling.incidents"
    label = "incidents"
