"""Asking a colleague, and keeping a promise in mind, in real browsers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

import factories
from e2e.everyone import problems
from e2e.steps import SIZES
from sanderling.cases import actions, asking, linking, promising
from sanderling.cases.models import Case, Note, Promise

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account():
    return factories.account()


def case(account):
    return factories.case(
        account, factories.identity("Jonas Veld"), "Third day without a signal",
        due_at=datetime.now(UTC) + timedelta(hours=1),
    )  # fmt: skip


@pytest.fixture
def ada():
    return factories.agent("Ada Lund", is_lead=True)


@pytest.fixture
def ben():
    return factories.agent("Ben Oduya")


def test_a_colleague_is_asked_and_answers_and_both_see_it_at_once(opened, ada, ben, account):
    made = case(account)
    hers, his = opened(ada, f"/case/{made.pk}/"), opened(ben, "/lists/asked/")
    expect(his.locator("#waiting")).to_contain_text("No questions")

    hers.get_by_role("button", name="More to do").click()
    hers.get_by_role("button", name="Ask a colleague…").click()
    hers.locator("#ask-sheet select").select_option(label="Ben Oduya")
    hers.locator("#ask-sheet textarea").fill("Is the cell in Husum down?")
    hers.get_by_role("button", name="Ask and put aside").click()
    expect(hers.locator("#matters")).to_contain_text("You asked Ben Oduya")
    assert Case.objects.get().waits_on == "colleague"

    expect(his.locator("#waiting")).to_contain_text("Is the cell in Husum down?")
    expect(his.locator("#foryou")).to_contain_text("1")
    his.get_by_label("Your answer").fill("Yes, until six.")
    his.get_by_role("button", name="Answer").click()
    expect(his.locator("#waiting")).to_contain_text("No questions")
    expect(his.locator("#foryou .nav__n")).to_have_count(0)

    expect(hers.locator("#tl")).to_contain_text("Yes, until six.")
    expect(hers.locator("#matters")).to_be_hidden()
    expect(hers.locator("#foryou")).to_contain_text("1")
    assert not Case.objects.get().snoozed


def test_a_promise_is_asked_about_after_the_answer_left_the_box(opened, ada, account):
    made = case(account)
    page = opened(ada, f"/case/{made.pk}/")
    page.locator("#draft-public").fill("Sorry. We will call you tomorrow at 15:00.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#tl")).to_contain_text("Leaves in")
    question = page.locator(".toast--ask")
    expect(question).to_contain_text(re.compile(r"You promise something by .* 15:00\. Keep it"))
    assert not Promise.objects.exists()
    question.get_by_role("button", name="Other time").click()
    expect(question.get_by_label("Due")).to_be_focused()
    question.get_by_role("button", name="Keep in mind").click()
    expect(page.locator("#matters")).to_contain_text("We will call you tomorrow at 15:00.")
    assert Promise.objects.get().by == ada

    page.locator("#matters").get_by_role("button", name="Kept").click()
    expect(page.locator("#matters")).to_be_hidden()


def test_a_promise_that_is_waved_off_is_not_kept(opened, ada, account):
    page = opened(ada, f"/case/{case(account).pk}/")
    page.locator("#draft-public").fill("Wir melden uns morgen.")
    page.keyboard.press("Control+Shift+Enter")
    page.locator(".toast--ask").get_by_role("button", name="No", exact=True).click()
    expect(page.locator(".toast--ask")).to_have_count(0)
    assert not Promise.objects.exists()


def test_an_answer_that_is_taken_back_promises_nothing(opened, ada, account):
    page = opened(ada, f"/case/{case(account).pk}/")
    page.locator("#draft-public").fill("We will call you tomorrow.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".toast--ask")).to_be_visible()
    page.locator(".toast--undo button").click()
    expect(page.locator(".toast--ask")).to_have_count(0)
    expect(page.locator("#draft-public")).to_have_value("We will call you tomorrow.")


def test_on_a_phone_a_page_asks_about_the_promise(opened, ada, account):
    page = opened(ada, f"/case/{case(account).pk}/", viewport=SIZES["phone"])
    page.locator("#draft-public").fill("We will call you tomorrow.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("You promise something")
    page.get_by_role("button", name="Keep in mind").click()
    expect(page.locator("#matters")).to_contain_text("We will call you tomorrow.")


def test_a_name_is_completed_by_keyboard_and_the_named_hears_of_it(opened, ada, ben, account):
    factories.agent("Benita Groß")
    made = case(account)
    hers, his = opened(ada, f"/case/{made.pk}/"), opened(ben, "/mentions/")
    hers.keyboard.press("3")
    hers.keyboard.type("Look, @b")
    names = hers.locator("#names")
    expect(names).to_be_visible()
    expect(hers.get_by_role("option", name="Ben Oduya")).to_have_attribute("aria-selected", "true")
    hers.keyboard.press("ArrowDown")
    hers.keyboard.press("ArrowUp")
    hers.keyboard.press("Enter")
    expect(hers.locator("#draft-note")).to_have_value("Look, @Ben Oduya ")
    expect(names).to_be_hidden()
    hers.keyboard.type("please @x")
    expect(names).to_be_hidden()
    hers.keyboard.press("Control+Enter")
    expect(his.locator("#waiting")).to_contain_text("Look, @Ben Oduya please")
    assert Note.objects.count() == 1


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(opened, ada, ben, account, size):
    made, praise = seed(ada, ben, account)
    given = {"viewport": SIZES[size], "reduced_motion": "reduce"}
    page = opened(ada, "/mentions/", **given)
    minded = []
    for path in pages(made, praise):
        page.goto(path)
        minded += problems(page, path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    for sheet in ("Ask a colleague…", "Wait on somebody outside…", "Link a case…"):
        page.get_by_role("button", name="More to do").click()
        page.get_by_role("button", name=sheet).click()
        minded += problems(page, sheet)
        page.keyboard.press("Escape")
    page.locator("input[name=room][value=note]").check(force=True)
    page.locator("#draft-note").fill("@")
    minded += problems(page, "names")
    assert not minded, "\n".join(minded)


def pages(made, praise) -> list[str]:
    """Every screen of this kind; the case itself last."""
    about = (f"/case/{praise.pk}/", f"/case/{made.pk}/history", f"/case/{made.pk}/promise/")
    lists = ("/mentions/", "/lists/asked/", "/lists/promises/", "/lists/others/")
    return [*lists, *about, f"/case/{made.pk}/"]


def seed(ada, ben, account):
    """One of everything that these screens can show: a case with much on it, and praise."""
    now, hour = datetime.now(UTC), timedelta(hours=1)
    made = case(account)
    praise = factories.case(
        account, factories.identity("Lena Ott"), "You are the best", kind="praise", tone=0,
        due_kind="", opened_at=now - hour,
    )  # fmt: skip
    by = {"by": ben.pk, "now": now}
    asking.ask(case_id=made.pk, to=ada.pk, question="Is this " + "a long story " * 20 + "?",
               remind=4 * hour, **by)  # fmt: skip
    asking.wait_on_third_party(case_id=praise.pk, whom="the courier", until=now + hour, **by)
    actions.write_note(case_id=praise.pk, text="@Ada look at this, please", **by)
    for hours, text in ((1, "We call you back within the hour."), (90, "The parcel comes Friday.")):
        promising.keep(case_id=made.pk, text=text, due=now + hours * hour, **by)
    promising.warn_due(ahead=2 * hour, now=now)
    linking.link(one=made.pk, other=praise.pk, why="the same street", **by)
    asking.wait_on_third_party(case_id=made.pk, whom="the bank", until=now + hour, **by)
    return made, praise
