"""What the detector of incidents finds in a crowd, how soon, and how often it is wrong."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from sanderling.bench import corpus
from sanderling.bench.crowd import SIZES, Crowd, Incident, Written, sets
from sanderling.core.facts import Facts
from sanderling.core.judging import weights
from sanderling.core.judging.copies import Copies
from sanderling.core.network import Room
from sanderling.core.noticing import Detector, Noticed, Said, Settings, complains
from sanderling.training.sets import Missing

TUNED, REPORTED = 0, 1
"""The two parts of topics: thresholds were set on the first, and what is told is the other."""

_A_DAY = 5_000
_QUIET, _DAYS = 14, 42
_EACH = 14
_FIRST = datetime(2026, 1, 5, tzinfo=UTC)
_PAGE = timedelta(minutes=1)
_SURE = 0.5
"""An alarm is about an incident if such a share of its posts belong to it."""

_STORM = 1_000
"""Speed is of a storm: so many times as many posts in an hour as on those days."""

_YEAR_POSTS = 20_000


class Alarm(NamedTuple):
    """A suspicion, the incident that it is about or -1, and how many of its posts were heard."""

    noticed: Noticed
    incident: int
    heard: int


def run(*, data: Path | None = None) -> dict[str, float]:
    """Recall by size and of hard incidents; medians over those noticed of how many of their posts
    had been heard and of the minutes since the first; and what it cost.

    `data`: the folder of the public sets. Raises Missing.
    """
    posts, said, incidents = heard(data, REPORTED)
    alarms = list(noticed(Detector(), posts, said))
    found = {alarm.incident: alarm for alarm in reversed(alarms)}
    first = {post.incident: post.at for post in reversed(posts)}
    delays = [(a.noticed.at - first[k]) / timedelta(minutes=1) for k, a in found.items() if k >= 0]
    counted = _FIRST + timedelta(days=_QUIET)
    wrong = sum(alarm.incident < 0 and alarm.noticed.at >= counted for alarm in alarms)
    return {
        "incidents": len(incidents),
        **{f"recall_{n}": recall(found, [c.size == n for c in incidents]) for n in SIZES},
        "recall_hard": recall(found, [one.hard for one in incidents]),
        "posts_to_notice_p50": _median([a.heard for k, a in found.items() if k >= 0]),
        "delay_p50_min": round(_median(delays), 1),
        "false_alarms_per_day": round(wrong / (_DAYS - _QUIET), 3),
        "posts_per_s": _posts_per_s(said),
        "peak_mb": round(_peak_mb(), 1),
    }


def heard(data: Path | None, part: int) -> tuple[list[Written], list[Said], list[Incident]]:
    """A crowd, judged: the fast judge says what complains, and copies are told. Raises Missing."""
    crowd = Crowd(
        sets(data or _beside(), part=part), _FIRST, days=_DAYS, quiet=_QUIET, seed=part + 1
    )
    posts = crowd.write(a_day=_A_DAY, each=_EACH)
    return posts, judged(posts), crowd.incidents


def judged(posts: Sequence[Written]) -> list[Said]:
    """The posts as the desk would tell them to the detector; the same words are judged once."""
    asked = list(dict.fromkeys((post.text, post.to_us) for post in posts))
    facts = [Facts(text=text, room=Room.PUBLIC, created_at=_FIRST, to_us=us) for text, us in asked]
    verdicts = dict(zip(asked, map(complains, weights.fast().judge(facts)), strict=True))
    # The crowd says the same again on other days, which is no copying.
    copies = Copies(within=timedelta(hours=6)).join(
        range(len(posts)), [post.text for post in posts], [post.at for post in posts]
    )
    return [
        Said(
            post=number,
            at=post.at,
            author=post.author,
            brand=post.brand,
            text=post.text,
            complains=verdicts[post.text, post.to_us],
            copy_of=copy,
        )
        for number, (post, copy) in enumerate(zip(posts, copies, strict=True))
    ]


def noticed(detector: Detector, posts: Sequence[Written], said: Sequence[Said]) -> Iterator[Alarm]:
    """What the detector notices, page by page."""
    heard: Counter[int] = Counter()
    for page in _pages(said):
        heard.update(posts[one.post].incident for one in page)
        for told in detector.hear(page):
            if isinstance(told, Noticed):
                about, most = Counter(posts[n].incident for n in told.posts).most_common(1)[0]
                sure = about >= 0 and most >= _SURE * len(told.posts)
                yield Alarm(told, about if sure else -1, heard[about])


def recall(found: dict[int, Alarm], which: Sequence[bool]) -> float:
    """The share of the chosen incidents that were noticed."""
    chosen = [number for number, yes in enumerate(which) if yes]
    return round(sum(number in found for number in chosen) / len(chosen), 3)


def _pages(said: Sequence[Said]) -> Iterator[list[Said]]:
    page: list[Said] = []
    for one in said:
        if page and one.at - page[0].at > _PAGE:
            yield page
            page = []
        page.append(one)
    if page:
        yield page


def _median(found: list[float] | list[int]) -> float:
    return statistics.median(found) if found else 0.0


def _posts_per_s(said: Sequence[Said]) -> int:
    """Posts that a detector takes in a second of one core's time, where they come thick."""
    storm = [structs.replace(one, at=_FIRST + (one.at - _FIRST) / _STORM) for one in said]
    began = time.process_time()
    Detector().hear(storm)
    return round(len(storm) / (time.process_time() - began))


def _peak_mb() -> float:
    """The most memory, in MiB, that a detector takes in a year with as many brands as it knows."""
    texts = corpus.posts(_YEAR_POSTS)
    brands, apart = Settings().brands, timedelta(days=365) / _YEAR_POSTS
    tracemalloc.start()
    detector = Detector()
    for start in range(0, _YEAR_POSTS, 1_000):
        detector.hear(
            [
                Said(n, _FIRST + n * apart, f"{n}", f"brand {n % brands}", texts[n], n % 2 == 0)
                for n in range(start, start + 1_000)
            ]
        )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def _beside() -> Path:
    """The folder of the public sets where it lies beside the checkout, or above it."""
    for folder in Path(__file__).resolve().parents:
        if (found := folder / "shared" / "data").is_dir():
            return found
    raise Missing("The public sets are missing. Give their folder with --data.")
