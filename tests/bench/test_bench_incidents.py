"""The crowd in which the detector of incidents is measured, on invented sets."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.noticing.town import VOCABULARY
from sanderling.bench import incidents
from sanderling.bench.crowd import SIZES, Crowd, sets
from sanderling.core.noticing import Detector
from sanderling.training.sets import Missing

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
CHATTER = ("sentiment", "emotion", "irony", "offensive")


def texts(about: str, count: int) -> list[str]:
    """Different texts, each with two of the four words that belong to the topic."""
    rng = random.Random(about)
    own = [f"{about}{word}" for word in ("alpha", "beta", "gamma", "delta")]
    return [" ".join(rng.sample(own, 2) + rng.sample(VOCABULARY, 9)) for _ in range(count)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small sets in the shape of the public ones."""
    found = tmp_path_factory.mktemp("sets")
    intents = [f"{letter}card" for letter in "abcdefghijkl"]
    reasons = ("Late Flight", "Lost Luggage")
    written = {
        "banking77": [{"text": t, "label": i} for i in intents for t in texts(i, 180)],
        "airline_dev": [
            {"text": t, "text_deleaked": t, "reason": r} for r in reasons for t in texts(r, 60)
        ],
        "entity_sentiment": [
            {"id": t, "text": t, "entity": e}
            for e in ("FIFA", "Google", "Amazon")
            for t in texts(e, 50)
        ],
        "care_dev": [{"text": t, "role": "client"} for t in texts("phone", 50)],
        "complaints": [{"text": t} for t in texts("parcel", 50)],
        "twcs_spotify": [{"text": t} for t in texts("song", 200)],
        "crisislex_t26": [
            {"text": t, "label": "Related", "event": f"2013_{place}_floods"}
            for place in ("Here", "There", "Near", "Far")
            for t in [*texts(place, 120), f"RT @a: {place}"]
        ],
        "crisislex_t6": [{"text": "x", "label": "off-topic", "event": "2013_Here_floods"}],
        **{f"tweeteval_{kind}": [{"text": t} for t in texts(kind, 80)] for kind in CHATTER},
    }
    for name, rows in written.items():
        (found / name).mkdir()
        with gzip.open(found / name / "data.jsonl.gz", "wt") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return found


@pytest.fixture(scope="module")
def crowd(folder: Path) -> Crowd:
    return Crowd(sets(folder, part=0), MONDAY, days=9, quiet=7, seed=1)


def test_incidents_of_each_size_stand_where_they_were_put(crowd):
    posts = crowd.write(a_day=300, each=1)
    sizes = Counter(post.incident for post in posts if post.incident >= 0)
    assert sorted(sizes.values()) == sorted(2 * SIZES)
    for number, incident in enumerate(crowd.incidents):
        here = [post for post in posts if post.incident == number]
        assert {post.brand for post in here} == {incident.brand}
        assert here[-1].at - incident.begins <= timedelta(hours=3)
        assert not {post.text for post in here} & {p.text for p in posts if p.incident < 0}
    assert all(one.at <= other.at for one, other in pairwise(posts))


def test_topics_that_thresholds_were_set_on_are_never_reported(folder):
    tuned, reported = ({t.name for t in sets(folder, part=part).topics} for part in (0, 1))
    assert tuned
    assert reported
    assert not tuned & reported


def test_the_same_seed_writes_the_same_posts(folder):
    first, second = (
        Crowd(sets(folder, part=0), MONDAY, days=2, quiet=1, seed=3)._background("music", 500)
        for _ in range(2)
    )
    assert list(first) == list(second)


def test_an_alarm_is_about_the_incident_that_most_of_its_posts_belong_to(folder):
    crowd = Crowd(sets(folder, part=0), MONDAY, days=9, quiet=7, seed=1)
    posts = crowd.write(a_day=600, each=1)
    alarms = list(incidents.noticed(Detector(), posts, incidents.judged(posts)))
    large = next(n for n, one in enumerate(crowd.incidents) if one.size == 100 and not one.hard)
    found = [alarm for alarm in alarms if alarm.incident == large]
    assert found
    assert 6 <= found[0].heard <= 100
    assert incidents.recall({large: found[0]}, [one.size == 100 for one in crowd.incidents]) == 0.5


def test_a_folder_without_the_sets_is_told(tmp_path):
    with pytest.raises(Missing, match="cannot be read"):
        sets(tmp_path, part=0)
