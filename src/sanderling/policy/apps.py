"""Names this stage to Django."""

from __future__ import annotations

from django.apps import AppConfig


class Policy(AppConfig):
    name = "sanderling.policy"
    label = "policy"
