"""Ours: drafts not yet sent, and outgoing posts on their way."""

from __future__ import annotations

from uuid import uuid4

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

    It is an answer in a `case`, or says a `broadcast` on one account; then it has no `to`, and what
    is said of cases here is empty.

    `key` is pushed with it so that it leaves once. `leaves_at` ends the undo window. `wake_at` is
    when the worker looks again. `then` is what happens to the case: wait (an answer), keep open (an
    acknowledgement) or resolve.

    `seen` is the newest post of the case that its author had before them. While `held`, `held_for`
    is approval or news. `edited_by` changed it for its author, whose words are in `approval`.
    `invites`: it asks the customer to write in private. `part` of `parts` of one long answer share
    `whole`. `confirmed` are objections that its author sent it in spite of, as
    `core.guards.Objection` has them, by version `policy`. `helper` signs in place of an agent.
    """

    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    broadcast = models.ForeignKey(
        "Broadcast", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
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
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, broadcast=None)
                | models.Q(case=None, broadcast__isnull=False, room="public"),
                name="outgoing_of_one",
            ),
        ]
        indexes = [
            # For the pace of rounds: what left from an account lately.
            models.Index(fields=["account", "sent_at"], name="outgoing_left"),
            # For what became of a broadcast.
            models.Index(
                fields=["broadcast", "account"],
                name="outgoing_of_broadcast",
                condition=models.Q(broadcast__isnull=False),
            ),
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


class Broadcast(models.Model):
    """One public status of an incident, told on every chosen network; its posts are `Outgoing`.

    `label` says how far it is (we see it, cause known ...). `next_at` is when the next word is
    promised. `pinned` is what colleagues may answer with while it is the newest. `key` is what the
    page calls it, so that it is said once however often it comes.
    """

    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+")
    label = models.TextField()
    text = models.TextField()
    link = models.TextField(blank=True, default="")
    pinned = models.TextField(blank=True, default="")
    next_at = models.DateTimeField(null=True)
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    key = models.UUIDField(unique=True, default=uuid4)

    def __str__(self) -> str:
        return f"{self.label} of incident {self.incident_id}"


class Word(models.Model):
    """A public word that an incident owes until `due_at`: the first, or what `promised` promised.

    Met by the next status that stands on any network; void where the incident ended without it.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    promised = models.ForeignKey(
        "Broadcast", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                name="word_owed",
                condition=models.Q(met_at=None, void_at=None),
            )
        ]
        indexes = [
            # For the words of an incident, in their order.
            models.Index(fields=["incident", "since"], name="word_of_incident")
        ]

    def __str__(self) -> str:
        return f"word owed by incident {self.incident_id}"


class Round(models.Model):
    """One answer for everybody whom an incident touches, each in words of their own.

    `kind` is acknowledge or close. `text` is a template with variations; `translations` are for
    those who write another language, by its code. `per_hour` is the pace from each account that
    people chose. `forecast` is what it was said to cost and take when it began. `token` gives each
    of its answers a key. `why` says why it stopped or was sent back.
    """

    incident = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    state = models.TextField()
    text = models.TextField()
    translations = models.JSONField(default=dict)
    per_hour = models.IntegerField()
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True, default="")
    forecast = models.JSONField(default=dict)
    token = models.UUIDField(default=uuid4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind"],
                name="round_one",
                condition=models.Q(state__in=["prepared", "asked", "running", "held"]),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["acknowledge", "close"]), name="round_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["prepared", "asked", "running", "held", "stopped", "done"]
                ),
                name="round_state",
            ),
        ]
        indexes = [
            # For the worker.
            models.Index(fields=["id"], name="round_running", condition=models.Q(state="running"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} round of incident {self.incident_id}"


class Recipient(models.Model):
    """A customer in a round, once an incident and kind, however much they wrote.

    `customer` stands for all identities of a person: the first of them. `state` is waiting, taken
    (an outgoing post is on its way), told, set aside or failed, since `at`; `reason` is a word for
    why (core.reaching), `why` the sentence. `rank` orders them, most urgent first. `wording` is
    which variation they get. `by` decided that they are answered all the same.
    """

    round = models.ForeignKey("Round", on_delete=models.PROTECT, related_name="+", db_index=False)
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.TextField()
    customer = models.ForeignKey(
        "listen.Identity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        "listen.Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey(
        "listen.Post", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rank = models.IntegerField()
    wording = models.IntegerField(default=0)
    state = models.TextField()
    reason = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="")
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outgoing = models.ForeignKey("Outgoing", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "kind", "customer"], name="recipient_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "taken", "told", "set aside", "failed"]),
                name="recipient_state",
            ),
        ]
        indexes = [
            # For the worker: who is next from an account.
            models.Index(
                fields=["round", "account", "rank", "id"],
                name="recipient_next",
                condition=models.Q(state="waiting"),
            ),
            # For progress and the lists of a round.
            models.Index(fields=["round", "state", "id"], name="recipient_of_round"),
            # For pacing: what rounds wrote from an account lately, and what is under way.
            models.Index(fields=["account", "state", "at"], name="recipient_of_account"),
            # For the worker: whose answer may have arrived.
            models.Index(
                fields=["outgoing"],
                name="recipient_on_its_way",
                condition=models.Q(state__in=["taken", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id} in round {self.round_id}"
