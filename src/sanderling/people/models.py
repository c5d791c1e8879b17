"""Agents and teams: who answers, and in whose name."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Agent(AbstractBaseUser):
    """Someone who works at the desk. `initials` sign their answers as ^AB."""

    email = models.EmailField(unique=True)
    name = models.TextField()
    initials = models.CharField(max_length=4)
    avatar = models.TextField(blank=True, default="")
    is_lead = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

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
