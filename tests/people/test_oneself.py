"""What agents change about themselves, and what they like."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

import factories
from pictures import GIF, JPEG, SECRET, photograph, png
from sanderling.people import oneself
from sanderling.people.actions import add_agent
from sanderling.people.preferring import prefer
from sanderling.people.queries import ABOUT, Taste, colleague, portrait, taste
from sanderling.people.roster import Unfit
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


def shown(agent) -> str:
    return colleague(agent.pk).avatar


class TestTaste:
    def test_all_is_as_it_comes_until_something_is_liked(self, ada):
        assert taste(ada.pk) == Taste()
        assert not any((Taste().sound, Taste().desktop, Taste().words)), "quiet by itself"

    def test_what_is_not_named_stays_and_every_change_counts(self, ada):
        prefer(agent_id=ada.pk, theme="dark", sound=True)
        found = prefer(agent_id=ada.pk, density="compact", about=("offered", "late"))
        assert found == taste(ada.pk)
        assert (found.theme, found.density, found.sound) == ("dark", "compact", True)
        assert (found.about, found.changes) == (("late", "offered"), 2)

    def test_what_one_agent_likes_is_theirs_alone(self, ada):
        prefer(agent_id=ada.pk, theme="dark")
        assert taste(factories.agent("Ben Cole").pk) == Taste()

    @pytest.mark.parametrize(
        "liked",
        [{"theme": "neon"}, {"density": ""}, {"zone": "Mars/Olympus"}, {"about": ("gossip",)},
         {"letters": "yes"}, {"language": "x" * 21}, {"changes": 7}, {"agent_id2": 1}],
        ids=str,
    )  # fmt: skip
    def test_the_desk_keeps_nothing_that_it_does_not_know(self, ada, liked):
        with pytest.raises(Unfit, match="does not know"):
            prefer(agent_id=ada.pk, **liked)
        assert taste(ada.pk) == Taste()

    def test_every_kind_of_notice_can_be_switched_off(self, ada):
        for kind in ABOUT:
            left = tuple(k for k in ABOUT if k != kind)
            assert prefer(agent_id=ada.pk, about=left).about == left
        assert prefer(agent_id=ada.pk, about=()).about == ()


class TestName:
    def test_a_new_name_and_signature_are_kept_with_who_changed_them(self, ada):
        oneself.call(agent_id=ada.pk, name=" Ada  Berg ", initials="ab", now=NOW)
        found = colleague(ada.pk)
        assert (found.name, found.initials) == ("Ada Berg", "AB")
        move = Move.objects.get(kind="agent", row=ada.pk)
        assert (move.move, move.by_id, move.note) == ("call", ada.pk, "Ada Lund ^AL → Ada Berg ^AB")

    @pytest.mark.parametrize(("name", "initials"), [("", "AB"), ("Ada", "^^"), ("x" * 81, "AB")])
    def test_what_is_no_name_is_refused(self, ada, name, initials):
        with pytest.raises(Unfit):
            oneself.call(agent_id=ada.pk, name=name, initials=initials, now=NOW)
        assert colleague(ada.pk).name == "Ada Lund"


class TestPicture:
    def test_a_picture_is_shown_without_what_the_camera_wrote(self, ada):
        oneself.show(agent_id=ada.pk, held=photograph(), now=NOW)
        kind, held = portrait(shown(ada).removeprefix(oneself.FACE))
        assert kind == "image/jpeg"
        assert SECRET not in held
        assert Move.objects.get(kind="agent", row=ada.pk).move == "picture"

    def test_another_picture_has_another_name_and_the_old_one_is_gone(self, ada):
        oneself.show(agent_id=ada.pk, held=JPEG, now=NOW)
        before = shown(ada)
        oneself.show(agent_id=ada.pk, held=png(), now=NOW)
        assert shown(ada) != before
        assert portrait(before.removeprefix(oneself.FACE)) is None

    def test_initials_can_be_shown_again(self, ada):
        oneself.show(agent_id=ada.pk, held=JPEG, now=NOW)
        before = shown(ada)
        for _ in range(2):
            oneself.hide(agent_id=ada.pk, now=NOW)
        assert shown(ada) == ""
        assert portrait(before.removeprefix(oneself.FACE)) is None

    @pytest.mark.parametrize(
        ("held", "why"),
        [(b"<svg onload=go()>", "no picture"), (GIF, "does not move"),
         (JPEG + b"\0" * 400_000, "400 kB"), (png(1025, 3), "1024 pixels")],
        ids=["svg", "gif", "heavy", "wide"],
    )  # fmt: skip
    def test_what_is_no_picture_of_somebody_is_refused_in_words(self, ada, held, why):
        with pytest.raises(Unfit, match=why):
            oneself.show(agent_id=ada.pk, held=held, now=NOW)
        assert shown(ada) == ""


class TestPassword:
    def test_the_new_password_counts_from_now_on(self, ada):
        oneself.change_password(
            agent_id=ada.pk, old=factories.PASSWORD, new="a bird that runs", now=NOW
        )
        ada.refresh_from_db()
        assert ada.check_password("a bird that runs")
        move = Move.objects.get(kind="agent", row=ada.pk)
        assert (move.move, move.note) == ("password", "")

    def test_whoever_does_not_know_the_old_one_changes_nothing(self, ada):
        with pytest.raises(oneself.WrongPassword):
            oneself.change_password(agent_id=ada.pk, old="no", new="a bird that runs", now=NOW)
        ada.refresh_from_db()
        assert ada.check_password(factories.PASSWORD)

    @pytest.mark.parametrize("weak", ["short", "password12"])
    def test_a_weak_one_is_refused_in_words(self, ada, weak):
        with pytest.raises(ValidationError):
            oneself.change_password(agent_id=ada.pk, old=factories.PASSWORD, new=weak, now=NOW)


def test_who_is_let_in_again_by_the_command_line_has_no_old_picture(ada):
    oneself.show(agent_id=ada.pk, held=JPEG, now=NOW)
    add_agent(email=ada.email, name="Ada", initials="AL", password="a bird that runs")
    assert shown(ada) == ""
