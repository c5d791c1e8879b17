"""Agents and teams: who answers, and in whose name."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Agent(AbstractBaseUser):
    """Someone who works at the desk. `initials` sign their answers as ^AB.

    `skills` are words of the policy, `languages` ISO 639 codes; none means all. `capacity`: how
    many cases the desk gives them by itself at once.
    """

    email = models.EmailField(unique=True)
    name = models.TextField()
    initials = models.CharField(max_length=4)
    avatar = models.TextField(blank=True, default="")
    is_lead = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    skills = ArrayField(models.TextField(), default=list, db_default=[])
    languages = ArrayField(models.TextField(), default=list, db_default=[])
    capacity = models.SmallIntegerField(default=8, db_default=8)

    objects = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A department with accounts of its own."""

    name = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An agent works in a team; one who is in none works in all."""

    pk = models.CompositePrimaryKey("agent_id", "team_id")
    agent = models.ForeignKey("Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    team = models.ForeignKey("Team", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"agent {self.agent_id} in team {self.team_id}"


class Presence(models.Model):
    """Whether an agent is at work: `state` is here, away or off, as they say; `seen_at` is when a
    page of theirs last gave a sign of life, `since` when they came, or left."""

    agent = models.OneToOneField(
        "Agent", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    state = models.TextField()
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["here", "away", "off"]), name="presence_state"
            )
        ]

    def __str__(self) -> str:
        return f"agent {self.agent_id} is {self.state}"


class WrongPassword(models.Model):
    """How often, lately, a password was wrong for an email address from one place."""

    email = models.CharField(max_length=254)
    address = models.CharField(max_length=64)
    times = models.IntegerField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email", "address"], name="wrong_password_once")
        ]

    def __str__(self) -> str:
        return f"{self.times} wrong passwords for {self.email}"


class Preference(models.Model):
    """How an agent likes their desk, on whatever device; without a row all is as it comes.

    `about` are the kinds of notices they want, `desktop` and `sound` how; `words` whether notices
    may quote. An empty `zone` is that of the browser. `changes` counts, so that a browser can tell
    whether what it keeps is old.
    """

    agent = models.OneToOneField(
        "Agent", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    theme = models.TextField(blank=True, default="")
    density = models.TextField(blank=True, default="")
    zone = models.TextField(blank=True, default="")
    language = models.TextField(blank=True, default="")
    letters = models.BooleanField(default=True)
    sound = models.BooleanField(default=False)
    desktop = models.BooleanField(default=False)
    words = models.BooleanField(default=False)
    about = ArrayField(models.TextField(), default=list)
    changes = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"what agent {self.agent_id} likes"


class Portrait(models.Model):
    """The picture of an agent, served under `name`: drawn by chance, so that nobody outside can
    give themselves the face of an agent."""

    agent = models.OneToOneField(
        "Agent", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    name = models.TextField(unique=True)
    type = models.TextField()
    bytes = models.BinaryField()

    def __str__(self) -> str:
        return f"agent {self.agent_id} in {self.type}"


class Invitation(models.Model):
    """Somebody may join the desk by a link, once, until `until`.

    `digest` is the SHA-256 of what stands in the link, `email` is what they will sign in with.
    """

    digest = models.BinaryField(unique=True)
    email = models.EmailField()
    name = models.TextField()
    is_lead = models.BooleanField(default=False)
    by = models.ForeignKey("Agent", on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} is invited until {self.until}"


class Company(models.Model):
    """Whose desk this is: one row, from its first setting up on.

    `done` and `left` are the steps of setting up that were done and that were left out; `ready_at`
    is when their list was put away.
    """

    name = models.TextField(blank=True, default="")
    done = ArrayField(models.TextField(), default=list)
    left = ArrayField(models.TextField(), default=list)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_company")]

    def __str__(self) -> str:
        return self.name or "a company without a name"
