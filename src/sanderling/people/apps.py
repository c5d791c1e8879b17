"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    name = "sanderling.people"
    label = "people"
