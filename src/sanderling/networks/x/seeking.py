"""What columns seek on X, kept as queries for its search and as rules of its filtered stream."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sanderling.core.network import Refused
from sanderling.core.query import Query, say
from sanderling.core.words import later
from sanderling.networks.x.client import Client, Json
from sanderling.networks.x.rules import Dialect, TooMuch, compiled
from sanderling.networks.x.tiers import Tier

TAG = "sanderling "
"""Marks the rules that are ours; the columns they are for stand behind it."""
MOST_AT_ONCE = 100
SHOWN = 80


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """`queries` by column; `rules` with the columns that share them; `trouble` in words."""

    queries: dict[int, list[str]] = {}
    rules: dict[str, tuple[int, ...]] = {}
    trouble: str = ""


def sought(columns: Mapping[int, Query], ours: str, tier: Tier) -> Sought:
    """What to look for on X so that every post of these columns is found."""
    queries: dict[int, list[str]] = {}
    rules: dict[str, tuple[int, ...]] = {}
    trouble = []
    for column, query in columns.items():
        try:
            queries[column] = _compiled(query, ours, "search", tier)
            for rule in _compiled(query, ours, "stream", tier):
                rules[rule] = (*rules.get(rule, ()), column)
        except TooMuch as error:
            queries.pop(column, None)
            shown = say(query)
            trouble.append(
                later('The column "{query}" is not looked for on X: {error}').format(
                    query=shown[:SHOWN], error=error
                )
            )
    if len(rules) > tier.rules:
        trouble.append(
            later(
                "The columns need {n} rules and X takes {most}: the last columns are "
                "found by search only, which is slower."
            ).format(n=f"{len(rules):,}", most=f"{tier.rules:,}")
        )
        rules = dict(list(rules.items())[: tier.rules])
    found = {column: asked for column, asked in queries.items() if asked}
    return Sought(queries=found, rules=rules, trouble="\n".join(trouble))


async def set_rules(client: Client, rules: Mapping[str, tuple[int, ...]]) -> str:
    """Make these our rules of the app's stream, changing only what differs.

    Gives what X says against those it refuses, "" if nothing.
    """
    wanted = {rule: _tag(columns) for rule, columns in rules.items()}
    standing = [rule for rule in await client.rules() if _is_ours(rule)]
    old = [rule for rule in standing if wanted.get(str(rule.get("value"))) != rule.get("tag")]
    ids = [str(rule["id"]) for rule in old if "id" in rule]
    for start in range(0, len(ids), MOST_AT_ONCE):
        await client.change_rules(delete=ids[start : start + MOST_AT_ONCE])
    kept = {str(rule.get("value")) for rule in standing if rule not in old}
    new = [{"value": rule, "tag": tag} for rule, tag in wanted.items() if rule not in kept]
    trouble = ""
    for start in range(0, len(new), MOST_AT_ONCE):
        trouble = await _added(client, new[start : start + MOST_AT_ONCE]) or trouble
    return trouble


def columns_of(said: Json) -> list[int]:
    """The columns that a line of the stream was told for."""
    rules = said.get("matching_rules")
    listed = rules if isinstance(rules, list) else []
    tags = [rule.get("tag") for rule in listed if isinstance(rule, dict)]
    named = [tag.removeprefix(TAG) for tag in tags if isinstance(tag, str) and tag.startswith(TAG)]
    return [int(id) for tag in named for id in tag.split(",") if id.isdecimal() and len(id) < 19]


async def _added(client: Client, rules: list[Json]) -> str:
    """Add rules: X takes all or none, so those it refuses are left out and the rest tried again."""
    said = _against(await _change(client, rules))
    good = [rule for rule in rules if rule["value"] not in said]
    if said and good and len(good) < len(rules):
        said |= _against(await _change(client, good))
    refusal = later("X refuses the rule {rule}: {why}")
    return "\n".join(
        refusal.format(rule=f"{value[:SHOWN]!r}", why=why) for value, why in said.items()
    )


async def _change(client: Client, rules: list[Json]) -> Json:
    try:
        return await client.change_rules(add=rules, delete=[])
    except Refused as error:
        return {"errors": [{"value": rule["value"], "detail": str(error)} for rule in rules]}


def _against(answer: Json) -> dict[str, str]:
    """What X says against which rule; one that stands already is well."""
    errors = answer.get("errors")
    found = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    return {
        str(error.get("value")): str(error.get("detail") or error.get("title") or "")[:200]
        for error in found
        if "duplicate" not in str(error.get("title", "")).lower()
    }


def _compiled(query: Query, ours: str, dialect: Dialect, tier: Tier) -> list[str]:
    most = tier.rule_characters if dialect == "stream" else tier.search_characters
    return compiled(query, ours, dialect, most)


def _tag(columns: tuple[int, ...]) -> str:
    return TAG + ",".join(map(str, columns))


def _is_ours(rule: Json) -> bool:
    return str(rule.get("tag") or "").startswith(TAG)
