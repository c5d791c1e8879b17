"""Migrations say what the models say, and no foreign key climbs over the walls."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from house.house import RIVER


def test_the_migrations_make_the_tables_of_the_models():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    change = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    missing = {
        app: [str(operation) for migration in migrations for operation in migration.operations]
        for app, migrations in change.changes(graph=loader.graph).items()
        if app in RIVER
    }
    assert not missing, "Run `manage makemigrations`: " + str(missing)


def crossing() -> list[models.ForeignKey]:
    """Foreign keys from one stage's tables to another's."""
    return [
        field
        for model in apps.get_models()
        if model._meta.app_label in RIVER
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label in RIVER
        and field.related_model._meta.app_label != model._meta.app_label
    ]


def test_a_key_to_another_stage_cannot_be_walked_backwards():
    assert not [str(key) for key in crossing() if key.remote_field.related_name != "+"]


def test_a_key_to_another_stage_protects_what_it_points_to():
    assert not [str(key) for key in crossing() if key.remote_field.on_delete is not models.PROTECT]


def test_keys_point_upstream():
    """Whose act a row was is known on every floor: the agent may be named anywhere."""
    against = [
        str(key)
        for key in crossing()
        if RIVER.index(key.related_model._meta.app_label) > RIVER.index(key.model._meta.app_label)
        and key.related_model._meta.label != "people.Agent"
    ]
    assert not against
