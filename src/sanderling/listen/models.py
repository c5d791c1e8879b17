"""What was heard: accounts, identities, posts and their versions, signals, columns.

No method here writes or queries; see queries.py and actions.py. Cross-stage keys are strings.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Collate, Lower


class Account(models.Model):
    """One of our accounts on a network. Never deleted: cases outlive channels.

    `secret` is sealed. `trouble` is why it is not heard at all, `warning` what does not work
    although the rest does. `streamed_at` is when a stream or webhook last gave a sign of life,
    `lag_s` how old the newest post was when it came, in seconds. `budget` is what reading and
    writing may cost in a month, in millionths of the price list's currency. `recheck_from` is the
    post above which this round has looked posts up again, `recheck_at` when the next one begins.
    """

    network = models.TextField()
    remote_id = models.TextField()
    handle = models.TextField()
    name = models.TextField()
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    avatar = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    secret = models.TextField(blank=True, default="")
    connected_at = models.DateTimeField(null=True)
    cursor = models.TextField(null=True)  # noqa: DJ001  null is "never pulled", not an empty cursor
    archived_at = models.DateTimeField(null=True)
    pulled_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    failures = models.IntegerField(default=0)
    warning = models.TextField(blank=True, default="")
    streamed_at = models.DateTimeField(null=True)
    lag_s = models.FloatField(null=True)
    budget = models.BigIntegerField(null=True)
    recheck_from = models.BigIntegerField(null=True)
    recheck_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "remote_id"], name="account_once")
        ]

    def __str__(self) -> str:
        return f"@{self.handle} on {self.network}"


class Identity(models.Model):
    """An account of a person on a network, by its stable remote id; handles come and go.

    `ask_at` is when the company's register is asked about them next; null: it never was.
    """

    network = models.TextField()
    remote_id = models.TextField()
    handle = models.TextField()
    name = models.TextField()
    followers = models.IntegerField(null=True)
    avatar = models.TextField(default="")
    follows_us = models.BooleanField(null=True)
    takes_messages = models.TextField(null=True)  # noqa: DJ001  null is "the network does not tell"
    person = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    ask_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "remote_id"], name="identity_once")
        ]
        indexes = [
            # For finding people by how their handle or their name begins.
            models.Index(Collate(Lower("handle"), "C"), "id", name="identity_by_handle"),
            models.Index(Collate(Lower("name"), "C"), "id", name="identity_by_name"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle} on {self.network}"


class Person(models.Model):
    """The human behind identities, and what the company knows of them.

    `plan` is what they pay for, in the words of the policy, until `plan_until`; `source` is where
    that was told (a file, an address), `told_at` when. `reference`: the company's number for them.
    """

    name = models.TextField()
    reference = models.TextField(blank=True, default="")
    plan = models.TextField(blank=True, default="")
    plan_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True, default="")
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], name="person_reference", condition=~models.Q(reference="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Linking(models.Model):
    """An identity was said to be a person's, and why; `until` is when they were separated again."""

    identity = models.ForeignKey("Identity", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    until_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    until_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity"], name="linking_once", condition=models.Q(until=None)
            )
        ]

    def __str__(self) -> str:
        return f"identity {self.identity_id} is person {self.person_id}"


class RawPage(models.Model):
    """A page as the network sent it, kept apart from our own state so that it can be read again."""

    account = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"page {self.pk}"


class Post(models.Model):
    """What someone wrote, in its newest wording.

    `scope` is 0 for public posts and the account's id for direct ones, whose ids are only unique
    there. `direction` is theirs or ours; `origin` says by what: customer, desk, native (typed in
    the network's own app) or automation. `counterpart` is the other person of a direct message.
    `to_us`: it mentions us, replies to us, or is a message to us. `closed`: its network would not
    let us reply.
    """

    network = models.TextField()
    scope = models.BigIntegerField()
    remote_id = models.TextField()
    account = models.ForeignKey(
        "Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author = models.ForeignKey(
        "Identity", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    room = models.TextField()
    direction = models.TextField()
    origin = models.TextField()
    to_us = models.BooleanField()
    text = models.TextField()
    lang = models.TextField(null=True)  # noqa: DJ001  null is "the network does not tell"
    created_at = models.DateTimeField()
    version_at = models.DateTimeField()
    edited = models.BooleanField()
    reply_to = models.TextField(null=True)  # noqa: DJ001  null is "starts a thread"
    reply_to_author = models.TextField(null=True)  # noqa: DJ001  null is "not told"
    quote_of = models.TextField(null=True)  # noqa: DJ001  null is "quotes nothing"
    thread = models.TextField(null=True)  # noqa: DJ001  null is "not told"
    counterpart = models.TextField(null=True)  # noqa: DJ001  null is "public"
    media = models.JSONField(null=True)
    likes = models.IntegerField(default=0)
    reposts = models.IntegerField(default=0)
    deleted_at = models.DateTimeField(null=True)
    closed = models.BooleanField(db_default=False)
    url = models.TextField(db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "scope", "remote_id"], name="post_once"),
            models.CheckConstraint(
                condition=models.Q(room__in=["public", "direct"]), name="post_room"
            ),
        ]
        indexes = [
            # For erasing what was deleted, where a network's rules want it.
            models.Index(
                fields=["id"],
                name="post_forgettable",
                condition=models.Q(deleted_at__isnull=False)
                & (~models.Q(text="") | models.Q(media__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"


class Words(models.Model):
    """The words of a post in its newest wording, for full text search. The worker writes them some
    seconds after the post; a post that is deleted or erased has none."""

    post = models.OneToOneField(
        "Post", on_delete=models.PROTECT, related_name="+", primary_key=True, db_constraint=False
    )
    words = SearchVectorField()

    class Meta:
        # For search by words.
        indexes = [GinIndex(fields=["words"], name="words_gin")]

    def __str__(self) -> str:
        return f"words of post {self.post_id}"


class Reworded(models.Model):
    """A post that was edited, deleted or erased: its words must be read again."""

    post = models.ForeignKey(
        "Post", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"post {self.post_id} was reworded"


class PostVersion(models.Model):
    """An older wording of a post that was edited."""

    post = models.ForeignKey("Post", on_delete=models.PROTECT, related_name="+")
    version_at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "version_at"], name="version_once")]

    def __str__(self) -> str:
        return f"post {self.post_id} as of {self.version_at}"


class Deletion(models.Model):
    """A post that is gone, kept even where the post itself was never seen."""

    network = models.TextField()
    scope = models.BigIntegerField()
    remote_id = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "scope", "remote_id"], name="deletion_once")
        ]

    def __str__(self) -> str:
        return f"{self.remote_id} is gone"


class Signal(models.Model):
    """Who liked or reposted what; may stand before its post does."""

    network = models.TextField()
    remote_id = models.TextField()
    kind = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()
    undone = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "remote_id", "kind", "actor"], name="signal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.remote_id}"


class Deck(models.Model):
    """Columns side by side. `shared`: its owner's own, a team's, or everybody's (all).

    `owner` made it; None is the desk itself.
    """

    name = models.TextField()
    owner = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shared = models.TextField()
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shared="own", owner__isnull=False, team=None)
                | models.Q(shared="team", team__isnull=False)
                | models.Q(shared="all", team=None),
                name="deck_shared",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Column(models.Model):
    """A saved query, shown as a column of a deck; `width` is narrow, usual or wide."""

    deck = models.ForeignKey("Deck", on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    query = models.TextField()
    position = models.IntegerField()
    width = models.TextField(default="usual", db_default="usual")
    created_by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class ColumnSet(models.Model):
    """The columns as a whole: one row, whose revision rises whenever any of them changes."""

    revision = models.BigIntegerField()

    def __str__(self) -> str:
        return f"columns, revision {self.revision}"


class ColumnPost(models.Model):
    """A post that a column caught."""

    pk = models.CompositePrimaryKey("column_id", "post_id")
    column = models.ForeignKey("Column", on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(
        "Post", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"column {self.column_id} caught post {self.post_id}"


class Ignored(models.Model):
    """A post that somebody took out of a column; it stays in the desk."""

    pk = models.CompositePrimaryKey("column_id", "post_id")
    column = models.ForeignKey("Column", on_delete=models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey("Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"column {self.column_id} leaves out post {self.post_id}"


class Muted(models.Model):
    """An author or a thread that a deck does not show: in one column, or in all (column is None).

    A thread is the remote id of the post that begins it, as far as the network tells, on `network`.
    """

    deck = models.ForeignKey("Deck", on_delete=models.CASCADE, related_name="+")
    column = models.ForeignKey(
        "Column", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    author = models.ForeignKey(
        "Identity", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    network = models.TextField(default="")
    thread = models.TextField(null=True)  # noqa: DJ001  null is "an author is muted"
    name = models.TextField()
    by = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deck", "column", "author", "network", "thread"],
                name="muted_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(author__isnull=False, thread=None)
                | models.Q(author=None, thread__isnull=False),
                name="muted_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"deck {self.deck_id} is quiet about {self.name}"


class Unfinished(models.Model):
    """A post that was taken in but could not be judged or placed with its page: it waits here."""

    post = models.OneToOneField(
        "Post", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    since = models.DateTimeField()
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    trouble = models.TextField(default="")

    class Meta:
        # For the worker that finishes what a page could not.
        indexes = [models.Index(fields=["next_at"], name="unfinished_due")]

    def __str__(self) -> str:
        return f"post {self.post_id} waits"


class Push(models.Model):
    """What a network sent to our webhook, kept before anything else is done with it."""

    network = models.TextField()
    received_at = models.DateTimeField()
    body = models.BinaryField()
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        # For the worker that leads pushes down the river.
        indexes = [models.Index(fields=["next_at"], name="push_due")]

    def __str__(self) -> str:
        return f"push {self.pk} of {self.network}"


class Coverage(models.Model):
    """How the posts of a day (UTC, by when they were written) came to an account.

    `repaired` came neither by stream nor webhook when they should have, or only by reading all
    again; the last such one at `missed_at`. `listed` is how many the network showed when all was
    read again, `seen` how many of those stand here.
    """

    account = models.ForeignKey(
        "Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    polled = models.IntegerField(default=0)
    streamed = models.IntegerField(default=0)
    pushed = models.IntegerField(default=0)
    repaired = models.IntegerField(default=0)
    listed = models.IntegerField(default=0)
    seen = models.IntegerField(default=0)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="coverage_once")]

    def __str__(self) -> str:
        return f"coverage of account {self.account_id} on {self.day}"


class Spend(models.Model):
    """What acts on a network cost on a day, in millionths; rows of one kind add up."""

    account = models.ForeignKey(
        "Account", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField()
    act = models.TextField()
    column_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    count = models.IntegerField()
    micros = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day", "act", "column_id", "case_id"],
                name="spend_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            # For what a case cost, and what the columns cost in a month.
            models.Index(
                fields=["case_id"],
                name="spend_of_case",
                condition=models.Q(case_id__isnull=False),
            ),
            models.Index(
                fields=["day"], name="spend_of_columns", condition=models.Q(column_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} times {self.act} on {self.day}"
