"""One problem, many cases: what is known of an incident, who belongs to it, who leads it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Drill(models.Model):
    """An incident that the practice network plays, so that people can practise on the real desk.

    While one runs (`ended_at` is null), every page says so and nothing leaves to a real network.
    `score` is what came of it, as `core.drilling` says it.
    """

    scenario = models.TextField()
    title = models.TextField()
    seed = models.IntegerField()
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    score = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="drill_one_runs", condition=models.Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"drill {self.pk}: {self.scenario}"


class Incident(models.Model):
    """One problem that many write about.

    `key` is what the detector calls it, empty where an agent opened it. `began_at` is when the
    first post was written, `noticed_at` when the desk, or an agent, saw it. `terms` are words of
    its own, `why` says why it was suspected, `expected` how many posts a minute are usual about it.
    `heeded` is false until the detector was told that people dismissed it, or took
    that back. `gauge` are the figures
    of `core.gauge.Reading` as measured at `gauged_at`, `level` the step they stand for. `posts` and
    `authors` are maintained. `cause` is what is known of the cause, in words of the lead.
    `merged_into` redirects.
    """

    state = models.TextField()
    name = models.TextField()
    key = models.TextField(blank=True, default="")
    drill = models.ForeignKey("Drill", null=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_post = models.ForeignKey(
        "listen.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    terms = ArrayField(models.TextField(), default=list)
    why = models.TextField(blank=True, default="")
    expected = models.FloatField(default=0)
    heeded = models.BooleanField(default=True)
    cause = models.TextField(blank=True, default="")
    level = models.TextField(default="calm")
    gauge = models.JSONField(default=dict)
    gauged_at = models.DateTimeField(null=True)
    posts = models.IntegerField(default=0)
    authors = models.IntegerField(default=0)
    playbook = models.ForeignKey(
        "Playbook", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wake_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "Incident", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["suspected", "confirmed", "eased", "over", "dismissed", "merged"]
                ),
                name="incident_state",
            ),
            models.CheckConstraint(
                condition=models.Q(level__in=["calm", "choppy", "storm"]), name="incident_level"
            ),
            models.UniqueConstraint(
                fields=["key"],
                name="incident_key",
                condition=~models.Q(key="")
                & models.Q(state__in=["suspected", "confirmed", "eased"]),
            ),
        ]
        indexes = [
            # For what stands: the badge, the desk, the gauge.
            models.Index(
                fields=["noticed_at", "id"],
                name="incident_stands",
                condition=models.Q(state__in=["suspected", "confirmed", "eased"]),
            ),
            # For the list, newest first.
            models.Index(fields=["-noticed_at", "-id"], name="incident_newest"),
            # For the worker that dismisses what nobody confirmed.
            models.Index(
                fields=["wake_at"],
                name="incident_wake",
                condition=models.Q(wake_at__isnull=False),
            ),
            # For the worker that joins posts to what the detector calls by a key.
            models.Index(
                fields=["key", "-id"], name="incident_of_key", condition=~models.Q(key="")
            ),
            # For what the detector must hear of.
            models.Index(fields=["id"], name="incident_unheeded", condition=models.Q(heeded=False)),
        ]

    def __str__(self) -> str:
        return f"incident {self.pk}: {self.name}"


class Member(models.Model):
    """A post that belongs to an incident. A post belongs to one incident at most.

    `how` is detector, rule or agent. `copy`: it repeats another's words. Who takes it out keeps the
    row with `out_at`, so that the detector does not put it back.
    """

    post = models.OneToOneField(
        "listen.Post", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author = models.ForeignKey(
        "listen.Identity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    how = models.TextField()
    copy = models.BooleanField(default=False)
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(how__in=["detector", "rule", "agent"]), name="member_how"
            )
        ]
        indexes = [
            # For an incident's posts in time, and its volume.
            models.Index(
                fields=["incident", "at"], name="member_in_time", condition=models.Q(out_at=None)
            ),
            # For an incident's authors, once each.
            models.Index(
                fields=["incident", "author"],
                name="member_author",
                condition=models.Q(out_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.post_id} in incident {self.incident_id}"


class Memory(models.Model):
    """What the detector remembers, so that it goes on where it stopped; one row.

    `kept` is `core.noticing`'s own form, `mark` the newest number of a post that it knows of.
    `missing` are numbers below it that stood for no post, or for one that was not judged yet.
    The process `by` told it last, at `at`, and goes on from what it remembers itself.
    """

    kept = models.BinaryField()
    mark = models.BigIntegerField()
    missing = ArrayField(models.BigIntegerField(), default=list)
    by = models.TextField(default="")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"what the detector knows up to post {self.mark}"


class Reading(models.Model):
    """A point on the path of an incident's gauge, one a minute at most while there is something to
    measure: `rate` voices and `reach` people a minute, as in `core.gauge`."""

    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    rate = models.FloatField()
    reach = models.FloatField()
    level = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "at"], name="reading_once")]

    def __str__(self) -> str:
        return f"incident {self.incident_id} was {self.level} at {self.at}"


class Tide(models.Model):
    """How many `authors` wrote to us in public in the ten minutes that began at `at`, by when the
    desk heard of it. `upto` is the newest post that was counted."""

    at = models.DateTimeField(primary_key=True)
    authors = models.IntegerField()
    upto = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.authors} wrote from {self.at}"


class Alert(models.Model):
    """An incident reached a step (suspected, choppy, storm ...): told once, by screen and outside.

    `episode` counts how often it flared up. `sent_at` is when all outside addresses were told;
    `told` are the keys of those that were, `again_at` is when the rest is tried (again), null where
    nobody outside is told.
    """

    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    step = models.TextField()
    episode = models.SmallIntegerField(default=0)
    says = models.TextField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    told = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "step", "episode"], name="alert_once")
        ]
        indexes = [
            # For the worker that tells addresses outside.
            models.Index(fields=["again_at"], name="alert_unsent", condition=models.Q(sent_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.step} of incident {self.incident_id}"


class Role(models.Model):
    """Who is lead, voice, scribe or technical contact of an incident, and since when.

    Held until `until`. `offered_to` was asked at `offered_at` to take it over, with `note`, and has
    not said yet.
    """

    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.TextField()
    agent = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    offered_to = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offered_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["lead", "voice", "scribe", "technical"]),
                name="role_name",
            ),
            models.UniqueConstraint(
                fields=["incident", "role"], name="role_held", condition=models.Q(until=None)
            ),
        ]
        indexes = [
            # For who is asked to take a role over.
            models.Index(
                fields=["offered_to"],
                name="role_offered",
                condition=models.Q(until=None, offered_to__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of incident {self.incident_id}"


class Entry(models.Model):
    """A line of an incident's timeline that people wrote: a decision, or a note."""

    incident = models.ForeignKey("Incident", on_delete=models.PROTECT, related_name="+")
    kind = models.TextField()
    text = models.TextField()
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["decision", "note"]), name="entry_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} in incident {self.incident_id}"


class Playbook(models.Model):
    """A version of a playbook as its owner wrote it; never changed, and the newest counts."""

    name = models.TextField()
    title = models.TextField()
    text = models.TextField()
    version = models.IntegerField()
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="playbook_version")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Step(models.Model):
    """A step of the playbook in one incident: who owes it until when, and that it is done.

    `role` is who should do it as the playbook says; `owner` who took it. `skipped` says why it was
    left out instead of done. With `every` it comes again after it was done, `times` so far.
    """

    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.SmallIntegerField()
    text = models.TextField()
    role = models.TextField(blank=True, default="")
    owner = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    skipped = models.TextField(blank=True, default="")
    warned_at = models.DateTimeField(null=True)
    every = models.DurationField(null=True)
    times = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "place"], name="step_place")]
        indexes = [
            # For the worker that tells of steps that are late.
            models.Index(
                fields=["due_at"],
                name="step_late",
                condition=models.Q(done_at=None, warned_at=None, due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"step {self.place} of incident {self.incident_id}"
