"""Ours: drafts not yet sent, and outgoing posts on their way."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """What an agent has typed for a room of a case and not sent; one per agent, case and room.

    `room` is public, direct or note.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    room = models.TextField()
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agent", "room"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Outgoing(models.Model):
    """A post of ours on its way to a network. `room` says who may read it and has no default.

    `key` is pushed with it so that it leaves once. `leaves_at` ends the undo window. `wake_at` is
    when the worker looks again. `then` is what happens to the case: wait (an answer), keep open (an
    acknowledgement) or resolve.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "listen.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.TextField()
    room = models.TextField()
    text = models.TextField()
    reply_to = models.TextField(null=True)  # noqa: DJ001  null is "a message that answers no post"
    to = models.TextField()
    key = models.UUIDField(unique=True)
    then = models.TextField()
    created_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    trouble = models.TextField(blank=True, default="")
    remote_id = models.TextField(null=True)  # noqa: DJ001  null is "no receipt yet"
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(room__in=["public", "direct"]), name="outgoing_room"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["queued", "withdrawn", "sending", "sent", "failed", "unsure"]
                ),
                name="outgoing_state",
            ),
        ]
        indexes = [
            # For the sender: what may leave, and what must be looked for.
            models.Index(
                fields=["wake_at"],
                name="outgoing_due",
                condition=models.Q(state__in=["queued", "sending", "unsure"]),
            )
        ]

    def __str__(self) -> str:
        return f"outgoing post {self.pk}"
