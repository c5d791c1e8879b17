"""What triage found in each post, what people corrected, and what was learnt from that."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Verdict(models.Model):
    """The finding for a post's newest wording, with every reason. `judge` is who judged.

    `heat`, `flags`, `odds` and `unsure` are those of `core.verdict.Verdict`; null where a judge of
    an older version did not tell. `version_at` names the wording that was judged, `policy` the
    version of the promises then in force. `copy_of` is the first post that says nearly the same.
    `corrected` are the aspects that an agent decided about this wording.
    """

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
    heat = models.FloatField(null=True)
    flags = ArrayField(models.TextField(), default=list, db_default=[])
    odds = models.JSONField(null=True)
    unsure = ArrayField(models.TextField(), default=list, db_default=[])
    topic = models.BigIntegerField(null=True)
    copy_of = models.BigIntegerField(null=True)
    policy = models.IntegerField(null=True)
    corrected = ArrayField(models.TextField(), default=list, db_default=[])
    version_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # For the near-copies of a post.
            models.Index(
                fields=["copy_of"],
                name="verdict_copies",
                condition=models.Q(copy_of__isnull=False),
            ),
            # For a topic that goes away.
            models.Index(
                fields=["topic"], name="verdict_topic", condition=models.Q(topic__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.judge})"


class Look(models.Model):
    """A post that the careful judge is asked to look at: it matters, or the fast one is unsure."""

    post = models.OneToOneField(
        "listen.Post", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    asked_at = models.DateTimeField()
    because = models.TextField()

    class Meta:
        # For the careful judge: what matters first, and of that the newest.
        indexes = [models.Index(fields=["because", "-asked_at"], name="look_next")]

    def __str__(self) -> str:
        return f"a second look at post {self.post_id}"


class Correction(models.Model):
    """An agent's word on one aspect of a verdict; append-only, and the newest word counts.

    `was` and `now` are values as text. `version_at` names the wording it is about, whose text stays
    with the post alone: when that is erased, nothing is left here to learn from. `judge` is who
    had found `was`, `lang` and `network` are those of the post when it was corrected.
    """

    post = models.ForeignKey("listen.Post", on_delete=models.PROTECT, related_name="+")
    version_at = models.DateTimeField()
    aspect = models.TextField()
    was = models.TextField()
    now = models.TextField()
    by = models.ForeignKey(
        "people.Agent", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    judge = models.TextField()
    network = models.TextField()
    lang = models.TextField()

    class Meta:
        # For agreement within a time.
        indexes = [models.Index(fields=["at"], name="correction_at")]

    def __str__(self) -> str:
        return f"{self.aspect} of post {self.post_id}: {self.was} --> {self.now}"


class Topic(models.Model):
    """A branch of the company's own tree of topics; `words` are what it is first known by."""

    name = models.TextField()
    parent = models.ForeignKey("Topic", null=True, on_delete=models.PROTECT, related_name="+")
    words = ArrayField(models.TextField(), default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], name="topic_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


class Layer(models.Model):
    """What was learnt from corrections on top of the judge `base`; at most one is live.

    `figures` are what it was let in by. `live_from` is when it last went live, null if it never
    did: rolling back leads to the one before.
    """

    made_at = models.DateTimeField()
    base = models.TextField()
    weights = models.BinaryField()
    figures = models.JSONField()
    note = models.TextField(blank=True, default="")
    live = models.BooleanField(default=False)
    live_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["live"], name="layer_one_live", condition=models.Q(live=True)
            ),
            models.CheckConstraint(
                condition=models.Q(live=False) | models.Q(live_from__isnull=False),
                name="layer_live_from",
            ),
        ]

    def __str__(self) -> str:
        return f"layer {self.pk} on {self.base}"
