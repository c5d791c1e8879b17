"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Listen(AppConfig):
    name = "sanderling.listen"
    label = "listen"
