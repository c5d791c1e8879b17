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

    `team` is who the policy's `route` gave it to, or a person did; `policy` is the version that
    had the word. `waits_on` is colleague or third party while someone else must move; the customer
    is waited for in the state of that name. `owner` had it since `owned_at`; `last_owner` had it
    before.

    The way between the two rooms: `invited_at` when we asked the customer to write in private,
    `came_at` when they did, `owed_at` when a matter that began in public was settled in private,
    `followed_at` when the public follow-up stood, or somebody decided that none is owed.

    `outcome` and `cause` are said when it is resolved. `incident` is what it is part of.

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
    owned_at = models.DateTimeField(null=True)
    last_owner = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    policy = models.IntegerField(default=0, db_default=0)
    route = models.TextField(blank=True, default="", db_default="")
    skills = ArrayField(models.TextField(), default=list, db_default=[])
    waits_on = models.TextField(blank=True, default="", db_default="")
    invited_at = models.DateTimeField(null=True)
    came_at = models.DateTimeField(null=True)
    owed_at = models.DateTimeField(null=True)
    followed_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, default="", db_default="")
    cause = models.ForeignKey(
        "Cause", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    incident = models.ForeignKey(
        "incidents.Incident", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
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
            ),
            models.CheckConstraint(
                condition=models.Q(waits_on__in=["", "colleague", "third party"]),
                name="case_waits_on",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=["", "solved", "told we cannot", "no answer", "never came"]
                ),
                name="case_outcome",
            ),
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
            # For the list of those who were invited to messages and never came.
            models.Index(
                fields=["invited_at", "id"],
                name="case_invited",
                condition=models.Q(invited_at__isnull=False, came_at=None),
            ),
            # For the list of public follow-ups that are owed.
            models.Index(
                fields=["owed_at", "id"],
                name="case_owed",
                condition=models.Q(owed_at__isnull=False, followed_at=None),
            ),
            # For the cases of an incident.
            models.Index(
                fields=["incident", "id"],
                name="case_of_incident",
                condition=models.Q(incident__isnull=False),
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
    """A promise about one turn, and how it ended.

    A turn is named by the post that opened it. `rule` of `policy` (a version) promised `budget`,
    counted within `hours` of that version. `due_at` is NEVER while the clock is paused. `met_at` is
    when our post stood on the network; `void_at` when the turn proved to be none. `next_at` is when
    the worker must look: to warn, then to say that it is broken.
    """

    pk = models.CompositePrimaryKey("case_id", "turn_id", "kind")
    case = models.ForeignKey(
        "Case",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # whoever writes it holds its case already
    )
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
    rule = models.TextField(blank=True, default="", db_default="")
    hours = models.TextField(blank=True, default="", db_default="")
    budget = models.DurationField(null=True)
    next_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # For the worker that warns and says what is broken.
            models.Index(
                fields=["next_at"], name="clock_next", condition=models.Q(next_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at}"


class ClockFact(models.Model):
    """What happened to a clock, append-only: `fact` is warned, broken, met, void, paused, resumed
    or promised anew. That it started is said by the clock itself."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    turn = models.ForeignKey(
        "listen.Post",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    kind = models.TextField()
    fact = models.TextField()
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    policy = models.IntegerField()
    rule = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            # Alert once.
            models.UniqueConstraint(
                fields=["case", "turn", "kind", "fact", "due_at"],
                name="clockfact_once",
                condition=models.Q(fact__in=["warned", "broken"]),
            )
        ]
        indexes = [
            # For what happened lately, newest first.
            models.Index(
                fields=["-id"],
                name="clockfact_alerts",
                condition=models.Q(fact__in=["warned", "broken"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact} at {self.at}"


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


class Mention(models.Model):
    """A note names an agent, who has seen it or not."""

    note = models.ForeignKey("Note", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "agent"], name="mention_once")]
        indexes = [
            # For what an agent has not seen yet.
            models.Index(fields=["agent"], name="mention_unseen", condition=models.Q(seen_at=None))
        ]

    def __str__(self) -> str:
        return f"agent {self.agent_id} in note {self.note_id}"


class Ask(models.Model):
    """A question to a colleague about a case, which waits for the answer."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    question = models.TextField()
    at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    reminded = models.SmallIntegerField(default=0)
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # For what an agent is asked and has not answered.
            models.Index(
                fields=["to", "at"],
                name="ask_open",
                condition=models.Q(answered_at=None, withdrawn_at=None),
            ),
            # For the worker that reminds.
            models.Index(
                fields=["remind_at"],
                name="ask_remind",
                condition=models.Q(remind_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk} in case {self.case_id}"


class Promise(models.Model):
    """What we said we would do ("we come back by Friday"), confirmed by who said it."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    text = models.TextField()
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.TextField(blank=True, default="")
    warned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # For promises that are due, soonest first.
            models.Index(
                fields=["due_at", "id"],
                name="promise_due",
                condition=models.Q(kept_at=None, dropped_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"promise {self.pk} by {self.due_at}"


class Link(models.Model):
    """Two cases belong together, and why; nothing is copied. `one` is the smaller number."""

    one = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    until_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], name="link_once", condition=models.Q(until=None)
            ),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="link_order"
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.one_id} with case {self.other_id}"


class Cause(models.Model):
    """Why customers had to write: a small tree that the company owns."""

    parent = models.ForeignKey("Cause", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], name="cause_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class Handover(models.Model):
    """A case is offered to an agent or a team, with a note; `state` is offered, accepted, declined
    or withdrawn. Until it is accepted, who gives has it."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.TextField()
    state = models.TextField()
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], name="handover_open", condition=models.Q(state="offered")
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["offered", "accepted", "declined", "withdrawn"]),
                name="handover_state",
            ),
            models.CheckConstraint(
                condition=models.Q(to__isnull=False) | models.Q(to_team__isnull=False),
                name="handover_to",
            ),
        ]
        indexes = [
            # For what is offered to an agent or a team.
            models.Index(
                fields=["to", "to_team"],
                name="handover_offered",
                condition=models.Q(state="offered"),
            )
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} to {self.to_id or self.to_team_id}"


class ShiftChange(models.Model):
    """The board at the end of a shift: what is open, late and promised, as `items` at that moment,
    given by one named person and accepted by another."""

    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    note = models.TextField()
    items = models.JSONField()
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"shift {self.pk}"


class View(models.Model):
    """A search with a name, in the sidebar. `queue` is the one that it narrows; empty, it searches
    everywhere. `by` made it; it is `shared` with nobody, with `team`, or with all."""

    name = models.TextField()
    query = models.TextField()
    queue = models.TextField(blank=True, default="")
    shared = models.TextField(blank=True, default="")
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shared="team", team__isnull=False)
                | models.Q(shared__in=["", "all"], team=None),
                name="view_shared",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Here(models.Model):
    """Someone has a case before them: `doing` is reading, public, direct or note (what they write).
    A row counts for a short while after `at`."""

    pk = models.CompositePrimaryKey("case_id", "agent_id")
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    agent = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    doing = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"agent {self.agent_id} at case {self.case_id}"


class Tally(models.Model):
    """How many cases stand in each state with each owner and team (0: none), summed over slots.

    Slots keep two writers from waiting for each other; the sum is the number on the badge.
    """

    pk = models.CompositePrimaryKey("state", "owner", "team", "snoozed", "slot")
    state = models.TextField()
    owner = models.BigIntegerField()
    team = models.BigIntegerField(db_default=0)
    snoozed = models.BooleanField()
    slot = models.SmallIntegerField()
    n = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.n} {self.state}"
