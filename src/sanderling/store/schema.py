"""The tables as the migrations want them."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sanderling.store.sql import run_text

MIGRATING = {"key": 7_262_337}  # any number that nothing else locks


def pending() -> list[str]:
    """The migrations that the database still lacks, in the order they would run."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _ in plan]


def bring_up_to_date() -> None:
    """Run what is pending. Processes that start together wait for the one that migrates."""
    if not pending():
        return
    run_text("select pg_advisory_lock(%(key)s)", MIGRATING)
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        run_text("select pg_advisory_unlock(%(key)s)", MIGRATING)
