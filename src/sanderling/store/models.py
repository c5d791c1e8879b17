"""The history of every life: append-only, for people and for audits."""

from __future__ import annotations

from django.db import models


class Move(models.Model):
    """One step in the life of a case or an outgoing post. `by` is empty for the desk."""

    kind = models.TextField()
    row = models.BigIntegerField()
    was = models.TextField()
    now = models.TextField()
    move = models.TextField()
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            # For the history under a case or an outgoing post.
            models.Index(fields=["kind", "row", "id"], name="move_of_row"),
            # For what an agent did, newest first; what the desk does by itself is left out.
            models.Index(
                fields=["by", "id"], name="move_of_agent", condition=models.Q(by__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}: {self.was} --{self.move}--> {self.now}"
