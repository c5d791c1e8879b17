"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Web(AppConfig):
    name = "sanderling.web"
    label = "web"
