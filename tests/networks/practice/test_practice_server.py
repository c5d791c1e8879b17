"""The practice network as a process: what survives, what it refuses, and how it ends."""

from __future__ import annotations

import json
import socket
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from practice_server import Net, PracticeProcess, practice_server
from sanderling.core.network import Draft, Refused, Room
from sanderling.networks.practice import CannotServe, scenarios, serve
from sanderling.networks.practice.service import WRITES_PER_WINDOW, Service

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_killed_network_starts_again_with_everything(tmp_path: Path) -> None:
    first = PracticeProcess(tmp_path)
    net = first.net
    root = net.open(text="@NorthwindCare my bill is wrong")["id"]
    receipt = net.connector().push(Draft(room=Room.PUBLIC, text="On it", reply_to=root), "k1")
    pages = net.everything()
    known = net.posts()
    first.kill()
    second = PracticeProcess(tmp_path)
    try:
        again = second.net
        assert again.token == net.token
        assert [p.remote_id for p in again.posts().values()] == [
            p.remote_id for p in known.values()
        ]
        assert again.connector().pull(pages[-1].cursor).posts == ()
        assert again.connector().push(Draft(room=Room.PUBLIC, text="On it"), "k1") == receipt
        again.advance(hours=12)
        assert len(again.posts()) > len(known), "the customer has forgotten that they wrote"
    finally:
        assert second.stop() == 0


def test_it_ends_cleanly_when_asked_even_while_someone_follows(tmp_path: Path) -> None:
    process = PracticeProcess(tmp_path)
    pages = process.net.connector().follow(None)
    next(pages)
    assert process.stop() == 0


def test_the_card_tells_how_to_connect_and_is_for_its_owner_only(net: Net, tmp_path: Path) -> None:
    path = tmp_path / "practice" / "practice.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    card = json.loads(path.read_text())
    assert {"url", "token", "account", "admin"} == set(card)
    assert net.connector().whoami().id == card["account"]["id"]


def test_two_networks_cannot_share_a_folder(net: Net, tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="Another practice network"):
        Service(tmp_path / "practice", "quiet", None, NOW)


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"Port {port} .* choose another port"):
            serve(data=tmp_path, scenario="quiet", port=port)


def test_it_listens_on_this_machine_only(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match=r"only listens on 127\.0\.0\.1"):
        serve(data=tmp_path, scenario="quiet", host="0.0.0.0", port=0)


def test_an_unknown_scenario_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(CannotServe, match="There are: firestorm, launch, leak, ordinary"):
        serve(data=tmp_path, scenario="nonsense", port=0)


@pytest.mark.parametrize("scenario", [name for name in scenarios() if name != "quiet"])
def test_a_new_network_has_history_when_it_opens_and_more_soon(
    tmp_path: Path, scenario: str
) -> None:
    service = Service(tmp_path, scenario, None, NOW)
    world = service.world
    theirs = [p for p in world.posts.values() if p.why]
    assert len(theirs) >= 6
    assert all(NOW - timedelta(hours=2) < p.at <= NOW for p in theirs)
    service.set_speed(60, NOW)
    for second in range(60):
        service.catch_up(NOW + timedelta(seconds=second))
    assert len(world.posts) - len(theirs) >= 8
    assert all(p.at <= NOW + timedelta(seconds=60) for p in world.posts.values())
    service.close()


def test_people_stand_still_at_speed_zero(tmp_path: Path) -> None:
    service = Service(tmp_path, "ordinary", None, NOW)
    before = len(service.world.log)
    service.set_speed(0, NOW)
    service.catch_up(NOW + timedelta(days=1))
    assert len(service.world.log) == before
    service.close()


def test_turning_to_another_scenario_keeps_what_was_said_and_brings_new_people(
    tmp_path: Path,
) -> None:
    with practice_server(tmp_path, "quiet") as net:
        post = net.open()["id"]
        people = len(net.people())
        net._ask("POST", "/api/admin/pace", json={"scenario": "outage"})
        net.advance(hours=1)
        assert post in net.posts()
        assert len(net.posts()) > 10
        assert len(net.people()) > people


def test_the_admin_calls_are_closed_to_the_account_and_to_strangers(net: Net) -> None:
    for token in (net.token, "x", "nonsense"):
        headers = {"Authorization": f"Bearer {token}"}
        for path in ("faults", "pace", "act"):
            answer = httpx.post(f"{net.url}/api/admin/{path}", json={}, headers=headers)
            assert answer.status_code == 401, path
    assert httpx.get(f"{net.url}/api/events").status_code == 401


def test_rate_limits_are_told_and_kept(net: Net) -> None:
    headers = {"Authorization": f"Bearer {net.token}"}
    answer = httpx.get(f"{net.url}/api/me", headers=headers)
    assert (
        int(answer.headers["x-ratelimit-remaining"]) == int(answer.headers["x-ratelimit-limit"]) - 1
    )
    with httpx.Client(base_url=net.url, headers=headers) as http:
        statuses = [
            http.post("/api/posts", json={"text": "", "room": "public"}).status_code
            for _ in range(WRITES_PER_WINDOW + 1)
        ]
    assert statuses[0] == 403
    assert statuses[-1] == 429
    assert statuses.count(429) == 1


def test_what_cannot_be_read_is_refused_in_words(net: Net) -> None:
    headers = {"Authorization": f"Bearer {net.token}"}
    for body in (b"", b"[]", b"{", b'{"text": 4}', b"\xff"):
        answer = httpx.post(f"{net.url}/api/posts", content=body, headers=headers)
        assert answer.status_code == 422
        assert "cannot be read" in answer.json()["error"]
    answer = httpx.post(f"{net.url}/api/posts", content=b" " * 300_000, headers=headers)
    assert answer.status_code == 413


def test_faults_out_of_range_are_refused(net: Net) -> None:
    headers = {"Authorization": f"Bearer {net.card['admin']}"}
    for fault in ({"lose": 2}, {"delay_s": -1}, {"nonsense": 1}):
        answer = httpx.post(f"{net.url}/api/admin/faults", json=fault, headers=headers)
        assert answer.status_code == 422


def test_somebody_can_open_a_matter_in_given_words_and_goes_on_by_themselves(net: Net) -> None:
    post = net.open("ask", "roaming", text="@NorthwindCare does roaming work in Norway?")
    net.connector().push(
        Draft(room=Room.PUBLIC, text="Yes, you can use it there.", reply_to=post["id"]), "k"
    )
    net.advance(hours=1)
    reaction = list(net.posts().values())[-1]
    assert reaction.author.id == post["author"]["id"]
    assert reaction.reply_to_author == net.account_id


def test_the_brand_cannot_be_made_to_complain(net: Net) -> None:
    with pytest.raises(AssertionError, match="belongs to the brand"):
        net.open(who="NorthwindCare")
    with pytest.raises(Refused, match="nobody called"):
        net.connector().push(Draft(room=Room.DIRECT, text="Hi", to="nobody"), "k")
