"""Pictures beside a draft: attached, described, sent once, and thrown away."""

from __future__ import annotations

import base64
from datetime import timedelta

import httpx
import pytest

import factories
from factories import NOW
from pictures import GIF, JPEG, SECRET, photograph, png
from practice_server import practice_server
from sanderling.core.network import Limits, Room
from sanderling.listen.models import Post
from sanderling.respond import pictures, work
from sanderling.respond.actions import Objections, propose, withdraw
from sanderling.respond.models import Outgoing, Picture
from sanderling.respond.pictures import UNDESCRIBED, Unfit, attach, describe, waiting

pytestmark = pytest.mark.django_db

LIMITS = Limits(
    public_length=280, direct_length=1000, counts="weighted", keeps_keys=True, media=2,
    direct_media=1, media_types=("image/jpeg", "image/png"), media_bytes=2_000,
)  # fmt: skip
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def ada() -> int:
    return factories.agent("Ada Lund").pk


@pytest.fixture
def case():
    return factories.case(factories.account(), factories.identity())


def put(case, by, held=JPEG, room=Room.PUBLIC, limits=LIMITS, **more):
    given = {"case_id": case.pk, "room": room, "held": held, "by": by, "now": NOW}
    return attach(**given, limits_for=lambda _: limits, **more)


def answer(case, by, *hung, room=Room.PUBLIC, limits=LIMITS) -> int:
    return propose(
        case_id=case.pk, room=room, text="Look here.", reply_to_post=None, then="wait", by=by,
        now=NOW, seen=case.about_post_id, limits_for=lambda _: limits,
        pictures=[p.id for p in hung],
    )  # fmt: skip


def why_not(case, by, *hung, **more) -> str:
    with pytest.raises(Objections) as found:
        answer(case, by, *hung, **more)
    assert not Outgoing.objects.exists()
    return " ".join(found.value.sentences)


def test_a_picture_waits_beside_the_draft_without_what_the_camera_wrote(case, ada):
    put(case, ada, photograph())
    (found,) = waiting(case_id=case.pk, by=ada, room=Room.PUBLIC)
    assert (found.alt, found.width, found.height) == ("", 5, 3)
    assert SECRET not in bytes(Picture.objects.get().bytes)
    assert waiting(case_id=case.pk, by=ada, room=Room.DIRECT) == []
    assert waiting(case_id=case.pk, by=factories.agent("Ben").pk) == []


def test_a_picture_leaves_only_described(case, ada):
    one = put(case, ada)
    assert UNDESCRIBED in why_not(case, ada, one)
    describe(picture_id=one.id, by=ada, alt="  A kettle\nin a puddle\0 ")
    row = Outgoing.objects.get(pk=answer(case, ada, one))
    assert row.media == [{"picture": one.id, "alt": "A kettle in a puddle"}]
    (media,) = pictures.media_of(row)
    assert media.alt == "A kettle in a puddle"
    assert media.url == "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
    assert waiting(case_id=case.pk, by=ada) == []


def test_what_is_not_named_stays_beside_the_draft(case, ada):
    put(case, ada)
    row = Outgoing.objects.get(pk=answer(case, ada))
    assert row.media == []
    assert len(waiting(case_id=case.pk, by=ada)) == 1


def test_taken_back_the_pictures_wait_beside_the_draft_again(case, ada):
    one = put(case, ada)
    describe(picture_id=one.id, by=ada, alt="A kettle")
    withdraw(outgoing_id=answer(case, ada, one), by=ada, now=NOW)
    assert [p.alt for p in waiting(case_id=case.pk, by=ada)] == ["A kettle"]


def test_nobody_sends_or_changes_anothers_picture_or_that_of_another_room(case, ada):
    ben = factories.agent("Ben Carr").pk
    one = put(case, ada)
    describe(picture_id=one.id, by=ada, alt="A kettle")
    assert "not beside your draft" in why_not(case, ben, one)
    assert "not beside your draft" in why_not(case, ada, one, room=Room.DIRECT)
    with pytest.raises(Unfit):
        describe(picture_id=one.id, by=ben, alt="Mine")
    pictures.remove(picture_id=one.id, by=ben)
    assert len(waiting(case_id=case.pk, by=ada)) == 1
    pictures.remove(picture_id=one.id, by=ada)
    assert waiting(case_id=case.pk, by=ada) == []


@pytest.mark.parametrize(
    ("held", "room", "limits", "why"),
    [
        (b"<svg>", Room.PUBLIC, LIMITS, "no picture that networks take"),
        (GIF, Room.PUBLIC, LIMITS, "takes no GIF. It takes JPEG, PNG"),
        (png(900, 900), Room.PUBLIC, LIMITS, "0.0 MB at most"),
        (b"\xff" * 9_000, Room.PUBLIC, LIMITS, "Make it smaller"),
        (JPEG, Room.PUBLIC, Limits(
            public_length=1, direct_length=1, counts="weighted", keeps_keys=True, media=0,
        ), "no picture can hang"),
    ],
)  # fmt: skip
def test_what_the_network_does_not_take_is_refused_when_it_is_attached(
    case, ada, held, room, limits, why
):
    with pytest.raises(Unfit, match=why):
        put(case, ada, held, room, limits)
    assert not Picture.objects.exists()


def test_there_are_only_so_many_in_each_room(case, ada):
    put(case, ada)
    put(case, ada)
    with pytest.raises(Unfit, match="2 pictures can hang on a public post"):
        put(case, ada)
    put(case, ada, room=Room.DIRECT)
    with pytest.raises(Unfit, match="one picture can hang on a direct message"):
        put(case, ada, room=Room.DIRECT)


def test_a_network_that_takes_fewer_by_now_objects_when_it_is_sent(case, ada):
    hung = [put(case, ada), put(case, ada)]
    for one in hung:
        describe(picture_id=one.id, by=ada, alt="x")
    fewer = Limits(public_length=280, direct_length=9, counts="weighted", keeps_keys=True, media=1)
    assert "one picture can hang" in why_not(case, ada, *hung, limits=fewer)


def test_a_description_has_an_end(case, ada):
    with pytest.raises(Unfit, match="1,000"):
        describe(picture_id=put(case, ada).id, by=ada, alt="x" * 1_001)


def test_what_was_not_sent_within_a_day_and_what_was_sent_long_ago_is_thrown_away(case, ada):
    kept = put(case, ada)
    sent = put(case, ada)
    describe(picture_id=sent.id, by=ada, alt="x")
    row = answer(case, ada, sent)
    assert pictures.tidy(now=NOW + timedelta(hours=23)) == 0
    assert pictures.tidy(now=NOW + timedelta(days=2)) == 1
    assert pictures.shown(kept.id) is None
    assert pictures.tidy(now=NOW + timedelta(days=40)) == 0  # it has not left yet
    Outgoing.objects.filter(pk=row).update(state="sent")
    assert pictures.tidy(now=NOW + timedelta(days=40)) == 1
    assert Outgoing.objects.get().media == [{"picture": sent.id, "alt": "x"}]


@pytest.fixture
def net(tmp_path):
    with practice_server(tmp_path / "practice") as running:
        yield running


def sent_over(net, ada, **faults):
    """A described picture, sent to the practice network while things go wrong there."""
    person = net.people()[0]
    said = net.write(person["handle"], "@NorthwindCare my kettle leaks")
    customer = factories.identity(remote_id=person["id"], handle=person["handle"])
    account = factories.account(remote_id=net.account_id)
    about = factories.post(account, customer, said["text"], remote_id=said["id"])
    case = factories.case(account, customer, about_post=about)
    network = net.connector()
    one = put(case, ada, limits=network.limits)
    describe(picture_id=one.id, by=ada, alt="A kettle in a puddle")
    row = answer(case, ada, one, limits=network.limits)
    net.faults(**faults)
    work.send_due(lambda _: network, clock=lambda: LATER)
    net.faults()
    for minute in range(2, 9):
        clock = lambda now=NOW + timedelta(minutes=minute): now  # noqa: E731  a clock that stands
        work.look_for_lost(lambda _: network, clock=clock)
        work.send_due(lambda _: network, clock=clock)
    return Outgoing.objects.get(pk=row)


@pytest.mark.parametrize("faults", [{}, {"push_cut": 1}, {"push_lost": 1}], ids=str)
def test_a_picture_stands_on_the_network_once_with_its_description(net, ada, faults):
    row = sent_over(net, ada, **faults)
    assert row.state == "sent"
    ours = [p for p in net.connector().pull(None).posts if p.author.id == net.account_id]
    (post,) = [p for p in ours if "Look here." in p.text]
    (media,) = post.media
    assert media.alt == "A kettle in a puddle"
    kept = Post.objects.get(remote_id=row.remote_id)
    assert kept.media == [
        {"kind": "picture", "url": "", "alt": "A kettle in a puddle", "poster": "", "seconds": None}
    ]
    shown = httpx.get(media.url, trust_env=False)
    assert (shown.headers["content-type"], shown.content) == ("image/jpeg", JPEG)
