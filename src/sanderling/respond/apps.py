"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Respond(AppConfig):
    name = "sanderling.respond"
    label = "respond"
