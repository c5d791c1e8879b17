"""A customer's matter: its two rooms, owner, turns, clocks and notes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

ACTIVE = ("new", "open")


class Case(models.Model):
    """One customer's matter with one account: a public and a direct room, one story.

    `due_at` is the earliest clock still running, NEVER (core.timing) where none runs, so that the
    queue can be walked by key. `about_post` is the newest post that needs us. `wake_at` is set
    while snoozed and when a timeout is coming. `merged_into` redirects; nothing is copied.

    `arc`, `swing`, `swung_at` and `reasons` are what the conversation says, as in
    `core.judging.arc.Arc`; an empty step of the arc is ours. It may have raised `urgency` above
    that of the post's verdict.
    """

    account = models.ForeignKey(
        "listen.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    requester = models.ForeignKey(
        "listen.Identity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.TextField()
    owner = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.TextField()
    about_post = models.ForeignKey(
        "listen.Post", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.TextField()
    tone = models.SmallIntegerField()
    urgency = models.SmallIntegerField()
    arc = ArrayField(models.SmallIntegerField(null=True), default=list, db_default=[])
    swing = models.TextField(blank=True, default="", db_default="")
    swung_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list, db_default=[])
    reach = models.IntegerField()
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_kind = models.TextField()
    snoozed = models.BooleanField(default=False)
    wake_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "new",
                        "open",
                        "waiting",
                        "withdrawn",
                        "resolved",
                        "closed",
                        "merged",
                    ]
                ),
                name="case_state",
            )
        ]
        indexes = [
            # For the Team queue, due first.
            models.Index(
                fields=["due_at", "id"],
                name="case_team",
                condition=models.Q(state__in=ACTIVE, snoozed=False),
            ),
            # For Mine and Unassigned, due first.
            models.Index(
                fields=["owner", "due_at", "id"],
                name="case_owner",
                condition=models.Q(state__in=ACTIVE, snoozed=False),
            ),
            # For Waiting on customer, longest first.
            models.Index(
                fields=["last_at", "id"],
                name="case_waiting",
                condition=models.Q(state="waiting", snoozed=False),
            ),
            # For Snoozed, those that wake first on top.
            models.Index(
                fields=["wake_at", "id"], name="case_snoozed", condition=models.Q(snoozed=True)
            ),
            # For the worker that wakes and closes.
            models.Index(
                fields=["wake_at", "id"],
                name="case_wake",
                condition=models.Q(wake_at__isnull=False),
            ),
            # For what became part of a case: its notes and moves.
            models.Index(
                fields=["merged_into"],
                name="case_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
            # For turnarounds and their opposite, newest first.
            models.Index(
                fields=["swing", "swung_at"],
                name="case_swing",
                condition=models.Q(swung_at__isnull=False),
            ),
            # For the customer card: earlier cases of a person.
            models.Index(fields=["requester", "id"], name="case_of_requester"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Placement(models.Model):
    """Where a post stands: whose matter it is and in which case, or at rest (`case` is null).

    The columns are those of `core.placing.Entry`, which says what they mean.
    """

    post = models.OneToOneField(
        "listen.Post", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    account = models.ForeignKey(
        "listen.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    customer = models.ForeignKey(
        "listen.Identity",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    case = models.ForeignKey(
        "Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.TextField()
    room = models.TextField()
    at = models.DateTimeField()
    needs = models.SmallIntegerField()
    ends = models.BooleanField()
    gone = models.BooleanField()
    starts = models.BooleanField()
    settled = models.BooleanField(default=False)
    names = ArrayField(models.BigIntegerField())

    class Meta:
        # For placing (everything of a customer with an account) and for a case's timeline.
        indexes = [models.Index(fields=["account", "customer", "at"], name="placement_of_customer")]

    def __str__(self) -> str:
        return f"post {self.post_id} in case {self.case_id}"


class Orphan(models.Model):
    """Our own post whose customer is not known yet: it answers a post we have not seen."""

    post = models.OneToOneField(
        "listen.Post", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    network = models.TextField()
    parent = models.TextField()

    class Meta:
        # For the page that brings the missing post.
        indexes = [models.Index(fields=["network", "parent"], name="orphan_parent")]

    def __str__(self) -> str:
        return f"post {self.post_id} waits for {self.parent}"


class Clock(models.Model):
    """A promise about one turn: append-only but for how it ended.

    A turn is named by the post that opened it. `policy` is the version that set `due_at`.
    `met_at` is when our post stood on the network; `void_at` when the turn proved to be none.
    """

    pk = models.CompositePrimaryKey("case_id", "turn_id", "kind")
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    turn = models.ForeignKey(
        "listen.Post",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    kind = models.TextField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    policy = models.IntegerField()
    met_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at}"


class Note(models.Model):
    """What agents tell each other in a case; never leaves the desk."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.pk}"


class Tally(models.Model):
    """How many cases stand in each state with each owner (0: nobody), summed over slots.

    Slots keep two writers from waiting for each other; the sum is the number on the badge.
    """

    pk = models.CompositePrimaryKey("state", "owner", "snoozed", "slot")
    state = models.TextField()
    owner = models.BigIntegerField()
    snoozed = models.BooleanField()
    slot = models.SmallIntegerField()
    n = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.n} {self.state}"
