"""How many verdicts of a policy one core gives a second: what is promised, until when, and whose
matter it is."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sanderling.core.policy import Policy, Saying, Situation, check, read
from sanderling.core.verdict import Flag, Kind, Tone, Urgency

_SITUATIONS = 5_000
_ROUNDS = 5
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS = "".join(
    f'{day} = ["08:00-12:00", "13:00-18:00"]\n'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
)
_CONDITIONS = (
    'kind == "complaint" && tone >= angry && followers >= {n}000',
    '"safety" in flags || "stranded" in flags && followers > {n}',
    'room == "direct" && plan == "plan{n}"',
    'kind in ["praise", "other"] && tone < annoyed && lang == "l{n}"',
    'network == "x" && topic.startsWith("billing.{n}")',
)


def run(*, rules: int = 50) -> dict[str, float]:
    """Medians of CPU time on one core.

    A verdict is `verdict`: route and promises of one situation, each with its due time and its
    warning in working hours with holidays. `approvals_per_s` asks about an answer in place of a
    post. `check_s` is reading and checking the whole text. `loop_per_s` is how often a second the
    same core adds two numbers and puts them into a list: what this machine is worth.
    """
    rng = random.Random(7)
    text = written(rules)
    policy = read(text, 1)
    asked = [_asked(rng) for _ in range(_SITUATIONS)]
    sayings = [_saying(one) for one, _ in asked]
    _verdicts(policy, asked)  # the calendars' months are worked out once
    return {
        "rules": rules,
        "verdicts_per_s": round(_SITUATIONS / _cpu_s(lambda: _verdicts(policy, asked))),
        "approvals_per_s": round(
            _SITUATIONS / _cpu_s(lambda: [policy.approval(saying) for saying in sayings])
        ),
        "promises_per_verdict": round(_verdicts(policy, asked) / _SITUATIONS, 2),
        "check_s": round(_cpu_s(lambda: check(text)), 4),
        "loop_per_s": round(_calibration()),
    }


def written(rules: int) -> str:
    """A policy of so many rules: three goals to two routes, and an approval for each route."""
    parts = ['name = "Bench"', f'[hours.office]\nzone = "Europe/Berlin"\nholidays = "DE"\n{_DAYS}']
    parts += [f'[plans.plan{n}]\nlabel = "Plan"' for n in range(rules)]
    for n in range(rules):
        when = _CONDITIONS[n % len(_CONDITIONS)].format(n=n)
        name = f"name = 'Rule {n}'\nwhen = '{when}'"
        if n % 5 < 3:
            parts.append(f"[[goals]]\n{name}\nhours = 'office'\nacknowledge = '{n + 1}m'")
        else:
            parts.append(f"[[routes]]\n{name}\nteam = 'Team {n}'")
            parts.append(f"[[approvals]]\n{name.replace('topic', 'words')}\nreason = 'Why'")
    parts.append(
        "[[goals]]\nname = 'Rest'\nhours = 'office'\nacknowledge = '1h'\nanswer = '4h'\n"
        "solve = '2d'\nfollow_up = '1d'"
    )
    return "\n".join(parts)


def _verdicts(policy: Policy, asked: list[tuple[Situation, datetime]]) -> int:
    return sum(len(policy.verdict(situation, since)[0]) for situation, since in asked)


def _asked(rng: random.Random) -> tuple[Situation, datetime]:
    flags = rng.sample(list(Flag), rng.choice([0, 0, 0, 1, 2]))
    situation = Situation(
        kind=rng.choice(list(Kind)),
        tone=rng.choice(list(Tone)),
        urgency=rng.choice(list(Urgency)),
        flags=tuple(flags),
        lang=rng.choice(["en", "de", "fr"]),
        topic=rng.choice(["", "billing.7", "network.data"]),
        network=rng.choice(["x", "bluesky", "mastodon"]),
        account="northwindcare",
        room=rng.choice(["public", "public", "direct"]),
        followers=int(rng.paretovariate(1) * 50),
        plan=rng.choice(["", "", "plan7"]),
    )
    return situation, _FIRST + timedelta(seconds=rng.randrange(200 * 86_400))


def _saying(about: Situation) -> Saying:
    return Saying(
        room=about.room,
        kind=about.kind,
        tone=about.tone,
        flags=about.flags,
        network=about.network,
        followers=about.followers,
        plan=about.plan,
        lang=about.lang,
        words="we are sorry and look into this with you " * 5,
        length=200,
    )


def _cpu_s(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def _calibration() -> float:
    times = 1_000_000

    def loop() -> list[int]:
        return [n + n for n in range(times)]

    return times / _cpu_s(loop)
