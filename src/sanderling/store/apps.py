"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Store(AppConfig):
    name = "sanderling.store"
    label = "store"
