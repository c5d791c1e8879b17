"""What triage found in each post."""

from __future__ import annotations

from django.db import models


class Verdict(models.Model):
    """The finding for a post's newest wording, with every reason. `judge` is who judged."""

    post = models.OneToOneField(
        "listen.Post", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    needs_us = models.BooleanField()
    kind = models.TextField()
    tone = models.SmallIntegerField()
    urgency = models.SmallIntegerField()
    lang = models.TextField()
    reasons = models.JSONField()
    judge = models.TextField()

    def __str__(self) -> str:
        return f"{self.kind} ({self.judge})"
