"""Somebody types an answer while two hundred changes a second arrive: in the list, in the very case
and in the rest of the desk. Not a character is lost, and nothing moves under their hands."""

from __future__ import annotations

import itertools
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

import factories
from e2e.steps import eventually
from sanderling.cases import actions
from sanderling.cases.models import Case, Placement
from sanderling.cases.presence import here
from sanderling.cases.work import receive
from sanderling.core.network import Author, Post, Room, Signal
from sanderling.core.network import Page as Heard
from sanderling.listen.models import Account
from sanderling.respond.models import Draft

pytestmark = pytest.mark.django_db(transaction=True)

BEAT_S = 0.25
STRANGERS = 40
"""Complaints of other people in each beat."""
HERE = 1
"""Posts of the customer in each beat."""
LIKES = 15
ANALYZED = (2, 8, 24, 64)
"""Beats after which the database looks at its tables again."""
KEYS_A_S = 30
CHANGES_A_KEY = 15
AHEAD = 1_000
"""So many changes come at most before a slow typist: a timeline shows the newest 300 posts only."""
PATIENCE_S = 60.0
AREA = "#draft-public"
HELP = "@NorthwindCare no signal since this morning, please help"
STORY = 30
"""Posts that stand in the case before it begins: more than the window shows."""


class Fire(threading.Thread):
    """Lets things happen to the desk by its real actions, some 200 a second, until put out."""

    def __init__(self, case: Case, ben: int) -> None:
        super().__init__(name="fire")
        self.came, self.wanted, self.last_note = 0, 0, ""
        self.trouble: Exception | None = None
        self._case, self._ben = case, ben
        self._who = Author(id="jonas", handle="jonas", name="Jonas Veld")
        self._first = case.about_post.remote_id
        self._out, self._more = threading.Event(), threading.Condition()

    def run(self) -> None:
        try:
            for beat in itertools.count(1):
                began = time.monotonic()
                self._beat(beat)
                if beat in ANALYZED:
                    self._analyze()
                if self._out.wait(max(0, BEAT_S - (time.monotonic() - began))):
                    return
                self._wait_for_the_typist()
        except Exception as error:  # the test tells
            self.trouble = error
        finally:
            connection.close()

    def put_out(self) -> None:
        self._out.set()
        with self._more:
            self._more.notify_all()
        self.join(PATIENCE_S)
        assert self.trouble is None
        assert not self.is_alive()

    def until(self, came: int) -> None:
        """Wait until so many changes came; a slow machine types slower, and that is all."""
        with self._more:
            self.wanted = came
            self._more.notify_all()
            assert self._more.wait_for(lambda: self.came >= came or self.trouble, PATIENCE_S)

    def _wait_for_the_typist(self) -> None:
        with self._more:
            self._more.wait_for(lambda: self.came < self.wanted + AHEAD or self._out.is_set())

    def _beat(self, beat: int) -> None:
        now = datetime.now(UTC)
        strangers = [self._complaint(beat, n, now) for n in range(STRANGERS)]
        theirs = [_post(self._case.account, f"his-{beat}-{n}", self._who, now) for n in range(HERE)]
        likes = [
            Signal(remote_id=self._first, kind="like", actor=f"fan-{beat}-{n}", at=now)
            for n in range(LIKES)
        ]
        page = Heard(posts=(*strangers, *theirs), signals=tuple(likes))
        receive(account_id=self._case.account_id, page=page, now=now)
        note = f"Note number {beat}"
        actions.write_note(case_id=self._case.pk, text=note, by=self._ben, now=now)
        doing = "reading" if beat % 2 else "public"
        here(case_id=self._case.pk, agent_id=self._ben, doing=doing, now=now)
        with self._more:
            self.last_note = note
            self.came += len(page.posts) + len(likes) + 2
            self._more.notify_all()

    def _analyze(self) -> None:
        """What the database does by itself elsewhere; here that is off, and plans made for empty
        tables grow slow."""
        with connection.cursor() as cursor:
            cursor.execute("analyze")

    def _complaint(self, beat: int, n: int, now: datetime) -> Post:
        handle = f"stranger{beat * STRANGERS + n}"
        who = Author(id=handle, handle=handle, name=handle)
        return _post(self._case.account, f"fire-{beat}-{n}", who, now)


def _post(account: Account, remote_id: str, who: Author, at: datetime, text: str = HELP) -> Post:
    return Post(
        remote_id=remote_id, author=who, created_at=at, room=Room.PUBLIC, text=text,
        mentions=(account.remote_id,),
    )  # fmt: skip


class Typist:
    """Presses keys, and knows what must stand in the box and where the caret must be after each."""

    def __init__(self, page: Page) -> None:
        self._page, self._signs, self._at = page, [], 0
        self.pressed = 0

    @property
    def text(self) -> str:
        return "".join(self._signs)

    def press(self, key: str) -> None:
        match key:
            case "Enter":
                self._put("\n")
            case "Backspace":
                self._at -= 1
                del self._signs[self._at]
            case "ArrowLeft":
                self._at -= 1
            case "ArrowRight":
                self._at += 1
            case "Control+Home":
                self._at = 0
            case "Control+End":
                self._at = len(self._signs)
            case _:
                self._put(key)
        if key.isascii():
            self._page.keyboard.press(" " if key == " " else key)
        else:
            self._page.keyboard.insert_text(key)
        self.pressed += 1

    def _put(self, sign: str) -> None:
        self._signs.insert(self._at, sign)
        self._at += 1

    def look(self) -> None:
        """The page holds what was typed, its focus and its caret."""
        found = self._page.evaluate(
            "() => [document.activeElement.id, document.activeElement.value,"
            " document.activeElement.selectionStart, document.activeElement.selectionEnd]"
        )
        caret = len("".join(self._signs[: self._at]).encode("utf-16-le")) // 2
        assert found == [AREA[1:], self.text, caret, caret], f"after {self.pressed} keys"


KEYS = [
    *"Dear Jonas, thank you for wtiring",
    *["Backspace"] * 6, *"writing to us and for waiting so long. 🌊",
    "Enter", "Enter",
    *"The mast in your street stands still since six. A colleague drives there now, ",
    *["ArrowLeft"] * 5, *"right ", *["ArrowRight"] * 5,
    *"and we write again here when it is up. 👩🏽‍🔧 Grüße!", "Enter",
    "Control+Home", *"Good news. ", "ArrowLeft", "Backspace", "!", "Control+End",
    *"Until then the network of our neighbours takes your calls, and nobody pays more for that.",
]  # fmt: skip


@pytest.fixture
def ada():
    return factories.agent("Ada Lund")


@pytest.fixture
def case():
    """A customer's long story, which came down the river."""
    account, now = factories.account(), datetime.now(UTC)
    who = Author(id="jonas", handle="jonas", name="Jonas Veld")
    story = [
        _post(account, f"story-{n}", who, now - timedelta(minutes=STORY - n),
              f"And my phone is dead too, help please, number {n}")
        for n in range(STORY)
    ]  # fmt: skip
    receive(account_id=account.pk, page=Heard(posts=tuple(story)), now=now)
    return Case.objects.select_related("account", "requester", "about_post").get()


PLACE = """() => {
    const tl = document.querySelector("#tl").getBoundingClientRect();
    const posts = [...document.querySelectorAll("#tl .post")];
    const first = posts.find((post) => post.getBoundingClientRect().top >= tl.top);
    return [first.parentElement.id, first.getBoundingClientRect().top - tl.top];
}"""
"""The first post that is read in the timeline, and how far below its edge it stands."""


def test_not_a_character_is_lost_while_two_hundred_changes_a_second_arrive(
    opened, ada, case, record_property
):
    page = opened(ada, f"/case/{case.pk}/")
    page.locator("#tl").evaluate("tl => { tl.scrollTop = tl.scrollHeight / 2 }")
    before = page.evaluate(PLACE)
    page.locator(AREA).focus()
    fire, typist = Fire(case, factories.agent("Ben Oduya").pk), Typist(page)
    fire.start()
    try:
        for key in KEYS:
            typist.press(key)
            typist.look()
            page.wait_for_timeout(1000 / KEYS_A_S)
            fire.until(typist.pressed * CHANGES_A_KEY)
    finally:
        fire.put_out()
    typist.look()
    record_property("changes", fire.came)
    assert fire.came >= CHANGES_A_KEY * len(KEYS)  # some five thousand

    name, offset = page.evaluate(PLACE)
    assert (name, offset) == (before[0], pytest.approx(before[1], abs=1))
    eventually(lambda: [draft.text for draft in Draft.objects.all()], [typist.text])
    expect(page.locator("#saved")).to_have_text("Draft kept")

    # and all of it arrived
    expect(page.locator("#tl")).to_contain_text(fire.last_note)
    expect(page.locator("[data-tolatest]")).to_contain_text("new message")
    assert Placement.objects.filter(case=case).count() > STORY + HERE
    open_now = Case.objects.filter(state="new").count()
    expect(page.locator("#count-team")).to_have_text(f"{open_now:,}")
    expect(page.locator("[data-shownew]")).to_contain_text("new")
    typist.look()
