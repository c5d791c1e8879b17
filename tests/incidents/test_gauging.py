"""The worker measures what stands, keeps its path, and tells each step once."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
import seas
from sanderling.cases.acquainted import known
from sanderling.cases.models import Placement
from sanderling.core.gauge import Steps
from sanderling.incidents.gauging import gauge_standing
from sanderling.incidents.models import Alert, Incident, Reading
from sanderling.store.models import Move
from sanderling.store.moves import record

pytestmark = pytest.mark.django_db
NOW = seas.NOW
MINUTE = timedelta(minutes=1)
STEPS = Steps(choppy=20_000, storm=500_000)


def gauge(now=NOW, told=("suspected", "choppy", "storm"), **given):
    return gauge_standing(steps=STEPS, told=told, known=known, now=now, **given)


def alerts() -> list[tuple[str, int]]:
    return list(Alert.objects.order_by("id").values_list("step", "episode"))


def test_what_stands_is_measured_and_its_path_is_kept():
    about, past = seas.incident(), seas.incident(state="over")
    seas.wrote(about, 20, followers=2_000)
    seas.wrote(past, 20)
    assert gauge() == 1
    about.refresh_from_db()
    assert (about.level, about.gauged_at) == ("choppy", NOW)
    assert about.gauge["authors"] == 20
    assert about.gauge["reach"] == pytest.approx(8_000)
    assert about.gauge["tone"] == 5
    (mark,) = Reading.objects.all()
    assert (mark.incident_id, mark.rate, mark.reach, mark.level) == (
        about.pk,
        pytest.approx(4),
        pytest.approx(8_000),
        "choppy",
    )
    past.refresh_from_db()
    assert past.gauged_at is None


def test_a_point_of_the_path_is_kept_once_a_minute():
    seas.wrote(seas.incident(), 3)
    for seconds in (0, 5, 55, 60):
        gauge(NOW.replace(second=0) + timedelta(seconds=seconds))
    assert Reading.objects.count() == 2


def test_each_step_is_told_once_an_episode():
    about = seas.incident()
    seas.wrote(about, 20)
    gauge()
    seas.wrote(about, 60, at=NOW + MINUTE)
    gauge(NOW + MINUTE)
    assert alerts() == [("choppy", 0), ("storm", 0)]
    gauge(NOW + 20 * MINUTE)
    assert Incident.objects.get().level == "calm"
    seas.wrote(about, 80, at=NOW + 30 * MINUTE)
    gauge(NOW + 30 * MINUTE)
    assert alerts() == [("choppy", 0), ("storm", 0)], "told before"
    gauge(NOW + 60 * MINUTE)
    record(about, "flare up", by=None, now=NOW)
    seas.wrote(about, 80, at=NOW + 70 * MINUTE)
    gauge(NOW + 70 * MINUTE)
    assert alerts() == [("choppy", 0), ("storm", 0), ("storm", 1)]
    levels = Move.objects.filter(kind="incident", row=about.pk).exclude(move="flare up")
    assert list(levels.order_by("id").values_list("move", flat=True)) == [
        *("choppy", "storm", "calm", "storm", "calm", "storm")
    ]


def test_a_suspicion_is_told_once_with_its_reason():
    seas.incident(state="suspected", why="“signal” is 9 times as frequent as usual.")
    gauge()
    gauge(NOW + MINUTE)
    (alert,) = Alert.objects.all()
    assert (alert.step, alert.says) == ("suspected", "“signal” is 9 times as frequent as usual.")


def test_only_steps_that_are_told_outside_wait_to_be_told():
    about = seas.incident(state="suspected")
    seas.wrote(about, 20)
    gauge(told=("choppy",))
    assert dict(Alert.objects.values_list("step", "again_at")) == {
        "suspected": None,
        "choppy": NOW,
    }


def test_a_step_begins_what_its_playbook_says_and_nothing_twice():
    about, begun = seas.incident(), []
    seas.wrote(about, 20)
    for _ in range(2):
        gauge(reached=lambda *said: begun.append(said))
    assert begun == [(about.pk, "choppy", NOW)]


def test_who_is_new_and_who_was_a_customer_is_told_apart():
    about, us = seas.incident(), factories.account()
    new, old, customer = (m.author for m in seas.wrote(about, 3, account=us))
    long_ago = about.began_at - timedelta(days=9)
    factories.case(us, customer, opened_at=long_ago)
    earlier = factories.case(us, old, opened_at=long_ago).about_post
    earlier.refresh_from_db()
    Placement.objects.filter(post=earlier).update(case=None)
    assert new.pk not in known([(new.pk, about.began_at)])
    gauge()
    gauged = Incident.objects.get().gauge
    assert gauged["new"] == pytest.approx(1 / 3)
    assert gauged["outside"] == pytest.approx(2 / 3)


def test_what_was_taken_out_does_not_count_and_copies_count_less():
    about = seas.incident()
    seas.wrote(about, 4, copy=True)
    out = seas.wrote(about, 1)[0]
    out.out_at = NOW
    out.save(update_fields=["out_at"])
    gauge()
    gauged = Incident.objects.get().gauge
    assert (gauged["authors"], gauged["copied"], gauged["rate"]) == (4, 4, pytest.approx(0.2))


def test_a_calm_that_lasts_writes_nothing():
    seas.incident()
    gauge()
    gauge(NOW + MINUTE)
    at = Incident.objects.get().gauged_at
    gauge(NOW + 2 * MINUTE)
    assert Incident.objects.get().gauged_at == at


def test_a_gauge_of_another_version_is_measured_anew():
    about = seas.incident(gauge={"sea": "high"})
    seas.wrote(about, 20)
    gauge()
    about.refresh_from_db()
    assert about.gauge["authors"] == 20


def test_many_incidents_cost_as_many_statements_as_one(django_assert_num_queries):
    for _ in range(5):
        seas.wrote(seas.incident(), 2)
    gauge()
    with django_assert_num_queries(11):
        gauge(NOW + MINUTE)


def test_what_reaches_a_step_is_kept_with_the_reading_or_not_at_all():
    about = seas.incident()
    seas.wrote(about, 20)

    def stumble(*_):
        raise RuntimeError("a playbook stumbled")

    with pytest.raises(RuntimeError):
        gauge(reached=stumble)
    about.refresh_from_db()
    assert about.level == "calm"
    assert not Alert.objects.exists()
    gauge()
    assert alerts() == [("choppy", 0)]
