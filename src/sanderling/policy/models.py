"""Versions of the policy. No method here writes or queries; see queries.py and actions.py."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """The policy as it held from `at` until the next version; never changed, never deleted."""

    text = models.TextField()
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"policy {self.pk}"
