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

    `seen` is the newest post of the case that its author had before them. While `held`, `held_for`
    is approval or news. `edited_by` changed it for its author, whose words are in `approval`.
    `invites`: it asks the customer to write in private. `part` of `parts` of one long answer share
    `whole`. `confirmed` are objections that its author sent it in spite of, as
    `core.guards.Objection` has them, by version `policy`. `helper` signs in place of an agent.
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
    seen = models.BigIntegerField(default=0, db_default=0)
    held_for = models.TextField(blank=True, default="", db_default="")
    edited_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    invites = models.BooleanField(default=False, db_default=False)
    whole = models.UUIDField(null=True)
    part = models.SmallIntegerField(default=1, db_default=1)
    parts = models.SmallIntegerField(default=1, db_default=1)
    confirmed = models.JSONField(default=list, db_default=[])
    policy = models.IntegerField(default=0, db_default=0)
    media = models.JSONField(default=list, db_default=[])
    helper = models.TextField(blank=True, default="", db_default="")
    remote_id = models.TextField(null=True)  # noqa: DJ001  null is "no receipt yet"
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(room__in=["public", "direct"]), name="outgoing_room"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "queued",
                        "held",
                        "withdrawn",
                        "sending",
                        "sent",
                        "failed",
                        "unsure",
                    ]
                ),
                name="outgoing_state",
            ),
            models.CheckConstraint(
                condition=models.Q(held_for__in=["", "approval", "news"]), name="outgoing_held_for"
            ),
        ]
        indexes = [
            # For people: what was not sent.
            models.Index(
                fields=["created_at", "id"],
                name="outgoing_not_sent",
                condition=models.Q(state__in=["failed", "unsure"]),
            ),
            # For the sender: what may leave, and what must be looked for.
            models.Index(
                fields=["wake_at"],
                name="outgoing_due",
                condition=models.Q(state__in=["queued", "sending", "unsure"]),
            ),
        ]

    def __str__(self) -> str:
        return f"outgoing post {self.pk}"


class Approval(models.Model):
    """An outgoing post waits for a second pair of eyes, by `rule` of `policy` and for its `reason`.

    `approvers` are those who may decide, as the policy says it: a team, or "lead". `decision` is
    empty, approved, sent back, withdrawn or expired; then `holding` was sent in its place. `was` is
    the text as its author had it.
    """

    outgoing = models.ForeignKey("Outgoing", on_delete=models.PROTECT, related_name="+")
    rule = models.TextField()
    policy = models.IntegerField()
    reason = models.TextField()
    approvers = models.TextField()
    was = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    holding = models.TextField(blank=True, default="")
    decision = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outgoing"], name="approval_open", condition=models.Q(decision="")
            ),
            models.CheckConstraint(
                condition=models.Q(
                    decision__in=["", "approved", "sent back", "withdrawn", "expired"]
                ),
                name="approval_decision",
            ),
        ]
        indexes = [
            # For those who approve, oldest first, and for the worker that lets them expire.
            models.Index(
                fields=["expires_at", "id"], name="approval_waits", condition=models.Q(decision="")
            )
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"


class Template(models.Model):
    """Words that are used again: with {variables} and [variations|like this].

    `room` is public, direct or empty for both; `lang`, `kind` and `team` say where it is offered.
    """

    name = models.TextField()
    text = models.TextField()
    room = models.TextField(blank=True, default="")
    lang = models.TextField(blank=True, default="")
    kind = models.TextField(blank=True, default="")
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    used = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], name="template_name", condition=models.Q(archived_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name


class HelperLink(models.Model):
    """Somebody from outside the team may help with one case, in their own name, for a while.

    `digest` is the SHA-256 of what stands in the link; what they write waits for approval.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(unique=True)
    name = models.TextField()
    initials = models.CharField(max_length=4)
    question = models.TextField()
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    until = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} helps with case {self.case_id}"


class Answered(models.Model):
    """An answer in a solved case, to be suggested where something like its `question` comes again.

    Holds no words: they are read from the answer when it is suggested. Where the database has
    pgvector the table has a further column, `likeness`, which says what the question is about.
    """

    outgoing = models.OneToOneField(
        "Outgoing", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    question = models.ForeignKey(
        "listen.Post", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answer = models.ForeignKey(
        "listen.Post", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    room = models.TextField()
    lang = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(room__in=["public", "direct"]), name="answered_room"
            )
        ]

    def __str__(self) -> str:
        return f"answer of case {self.case_id}"


class Picture(models.Model):
    """A picture that an agent attached in a case, without what the camera wrote into it.

    `alt` describes it for those who cannot see it; it leaves only with one. `outgoing` is the post
    it hangs on; until then it waits in the composer for `room`. The bytes go a while after sending.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    room = models.TextField()
    outgoing = models.ForeignKey("Outgoing", null=True, on_delete=models.PROTECT, related_name="+")
    type = models.TextField()
    bytes = models.BinaryField()
    alt = models.TextField(blank=True, default="")
    width = models.IntegerField()
    height = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(room__in=["public", "direct"]), name="picture_room"
            )
        ]
        indexes = [
            # For the worker that throws away what was never sent, and what was sent long ago.
            models.Index(fields=["at"], name="picture_age")
        ]

    def __str__(self) -> str:
        return f"picture {self.pk}"
