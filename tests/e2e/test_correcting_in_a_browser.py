"""Seeing why a post is here, and correcting it with the keyboard alone, in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

import factories
from e2e.everyone import RULES, problems
from e2e.steps import SIZES
from sanderling.triage.layers import go_live, keep_layer
from sanderling.triage.models import Correction, Topic, Verdict

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Third day without a signal and nobody answers"


@pytest.fixture
def ada():
    return factories.agent("Ada Lund", is_lead=True)


@pytest.fixture
def account():
    return factories.account()


def case(account, text=TEXT, name="Jonas Veld", **found):
    made = factories.case(
        account, factories.identity(name), text, due_at=datetime.now(UTC) + timedelta(hours=1)
    )
    Verdict.objects.filter(pk=made.about_post_id).update(**found)
    return made


def found(made) -> Verdict:
    return Verdict.objects.get(pk=made.about_post_id)


def test_the_reason_is_seen_and_the_verdict_corrected_by_keyboard_alone(opened, ada, account):
    made = case(
        account, odds=[0.97, 0.84, 0.6, 0.99], reasons=[["terms", "Says “without a signal”", 2.0]]
    )
    page = opened(ada, f"/case/{made.pk}/")
    expect(page.locator("#why")).to_contain_text("Says “without a signal”")
    expect(page.locator("#why")).to_contain_text("more likely than not, 60%")

    page.locator(f"#row-{made.pk} .row__link").focus()
    page.keyboard.press("v")
    dialog = page.locator("#judging")
    expect(dialog.locator(".correct")).to_be_visible()
    assert dialog.evaluate("box => box.contains(document.activeElement)")
    page.keyboard.press("5")
    expect(dialog.get_by_role("radio", name="Angry")).to_be_checked()
    expect(dialog.get_by_role("radio", name="Angry")).to_be_focused()
    page.keyboard.press("q")
    expect(dialog.get_by_role("radio", name="Question")).to_be_checked()
    page.keyboard.press("w")
    page.keyboard.type("5 asks, q does not count in here")
    expect(dialog.get_by_role("radio", name="Angry")).to_be_checked()
    page.keyboard.press("Enter")

    expect(dialog).to_be_hidden()
    expect(page.locator(f"#row-{made.pk} .row__link")).to_be_focused()
    expect(page.locator("#say")).to_contain_text("kind is Question, tone is Angry")
    expect(page.locator("#why")).to_contain_text("“5 asks, q does not count in here”")
    expect(page.locator("#case-head")).to_contain_text("Question")
    expect(page.locator("#tl")).to_contain_text("Ada Lund corrected “tone”: Annoyed → Angry")
    assert (found(made).tone, found(made).kind) == (4, "question")

    page.keyboard.press("Control+z")
    expect(page.locator("#case-head")).to_contain_text("Complaint")
    assert (found(made).tone, found(made).kind) == (3, "complaint")
    assert Correction.objects.count() == 4


def test_escape_leaves_the_focus_where_it_was_and_the_verdict_as_it_is(opened, ada, account):
    made = case(account)
    page = opened(ada, f"/case/{made.pk}/")
    link = page.locator(".whylink")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#judging .correct")).to_be_visible()
    page.keyboard.press("6")
    page.keyboard.press("Escape")
    expect(page.locator("#judging")).to_be_hidden()
    expect(link).to_be_focused()
    assert found(made).tone == 3
    page.keyboard.press("v")  # and the next time it begins anew
    expect(page.locator("#judging").get_by_role("radio", name="Annoyed")).to_be_checked()


def test_the_focus_begins_at_the_first_doubt_and_enter_settles_it(opened, ada, account):
    made = case(account, unsure=["tone"], odds=[1, 0.9, 0.4, 1])
    page = opened(ada, "/desk/")
    expect(page.locator(".row .unsure")).to_contain_text("Unsure")
    page.keyboard.press("j")
    page.keyboard.press("v")
    expect(page.locator(".pick--unsure input").first).to_be_focused()
    expect(page.locator("#judging .pick--unsure")).to_contain_text("hardly more than a guess, 40%")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.locator("#judging")).to_be_hidden()
    expect(page.locator(".row .unsure")).to_have_count(0)
    assert (found(made).unsure, found(made).corrected) == ([], ["tone"])


def test_keys_faster_than_the_desk_are_not_lost(opened, ada, account):
    made = case(account)
    page = opened(ada, f"/case/{made.pk}/")
    page.route("**/verdict", lambda route: page.wait_for_timeout(700) or route.continue_())
    page.keyboard.press("v")
    for key in ("5", "w", "v", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#why")).to_contain_text("Angry")
    assert [(c.now, c.why) for c in Correction.objects.all()] == [("4", "v")]


def test_in_the_deck_the_focused_post_is_corrected(opened, ada, account):
    first, second = case(account), case(account, "The other one", "Mara Lind")
    factories.column("All", "all", first.about_post, second.about_post)
    page = opened(ada, "/deck/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    post = int(page.evaluate("document.activeElement.dataset.post"))
    page.keyboard.press("v")
    expect(page.locator("#judging .correct")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    expect(page.locator("#judging")).to_be_hidden()
    assert int(page.evaluate("document.activeElement.dataset.post")) == post
    assert not Verdict.objects.get(pk=post).needs_us
    assert Verdict.objects.exclude(pk=post).get().needs_us


def test_what_hinders_a_correction_is_said_in_the_dialog_and_nothing_is_lost(opened, ada, account):
    made = case(account)
    page = opened(ada, f"/case/{made.pk}/")
    page.keyboard.press("v")
    page.keyboard.press("6")
    page.keyboard.press("w")
    page.keyboard.type("In capitals")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    said = page.locator("#judging .field__err")
    expect(said).to_contain_text("The desk did not answer. Nothing was changed.")
    expect(page.locator("#judging [name=why]")).to_have_value("In capitals")
    page.context.set_offline(False)

    Verdict.objects.filter(pk=made.about_post_id).update(tone=1)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Tone is “Calm” by now: the judge was faster.")
    page.keyboard.press("Escape")
    expect(page.locator("#judging")).to_be_hidden()
    page.wait_for_function("document.activeElement === document.body")  # as it was before
    page.keyboard.press("v")
    expect(page.locator("#judging").get_by_role("radio", name="Calm")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#judging .field__err")).to_contain_text("choose what is right first")
    assert not Correction.objects.exists()


def test_a_verdict_that_cannot_be_looked_up_is_asked_for_again(opened, ada, account):
    page = opened(ada, f"/case/{case(account).pk}/")
    page.context.set_offline(True)
    page.keyboard.press("v")
    expect(page.locator("#judging [role=alert]")).to_contain_text("The desk did not answer.")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#judging .correct")).to_be_visible()


def test_a_colleague_sees_the_correction_at_once(opened, ada, account):
    made = case(account)
    ben = opened(factories.agent("Ben Oak"), f"/case/{made.pk}/")
    page = opened(ada, f"/case/{made.pk}/")
    page.keyboard.press("v")
    page.keyboard.press("6")
    page.keyboard.press("Enter")
    expect(ben.locator("#why")).to_contain_text("Furious")
    expect(ben.locator("#case-head")).to_contain_text("Furious")
    expect(ben.locator("#tl")).to_contain_text("Ada Lund corrected")


def test_abuse_is_shown_only_to_who_asks_by_keyboard_and_stays_as_they_left_it(
    opened, ada, account
):
    made = case(account, "You are all bastards", flags=["abuse"])
    page = opened(ada, f"/case/{made.pk}/")
    expect(page.locator("#tl")).to_contain_text("This post insults staff.")
    expect(page.get_by_text("You are all bastards")).to_have_count(2)
    for text in page.get_by_text("You are all bastards").all():
        expect(text).to_be_hidden()
    page.locator("#tl").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#tl .post__t")).to_be_visible()
    page.keyboard.press("v")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator("#case-head")).to_contain_text("Uneasy")
    expect(page.locator("#tl .post__t")).to_be_visible()  # a live change closes nothing


def test_without_a_script_the_verdict_is_corrected_as_well(opened, ada, account):
    made = case(account)
    page = opened(ada, f"/case/{made.pk}/", java_script_enabled=False)
    page.locator(".whylink").click()
    page.locator(".choice", has_text="Furious").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".said")).to_contain_text("Annoyed")
    page.get_by_role("link", name=f"Case #{made.pk}").first.click()
    expect(page.locator("#case-head")).to_contain_text("Furious")


def test_a_lead_shapes_the_topics_and_rolls_back_by_keyboard(opened, ada):
    go_live(layer_id=keep_layer(base="fast-1", weights=b"w", figures={"tone": 0.7},
                                now=factories.NOW), now=factories.NOW)  # fmt: skip
    page = opened(ada, "/judgement/")
    page.locator("#new-topic [name=name]").focus()
    page.keyboard.type("Billing")
    page.keyboard.press("Enter")
    expect(page.locator(".topics")).to_contain_text("Billing")
    page.locator("summary", has_text="Roll back").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".layer")).to_contain_text("Was live")
    expect(page.locator("#say")).to_contain_text("No layer of yours is live any more.")
    page.locator("summary", has_text="Change").focus()
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#ask")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".topics")).to_have_count(0)
    assert not Topic.objects.exists()


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(opened, ada, account, size):
    assert RULES
    seed(ada, account)
    given = {"viewport": SIZES[size], "reduced_motion": "reduce"}
    page = opened(ada, "/judgement/", **given)
    minded = problems(page, "judgement")
    for path, title in pages():
        page.goto(path)
        minded += problems(page, title)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, title
    page.goto(f"/case/{case(account, unsure=['tone', 'kind', 'lang']).pk}/")
    page.keyboard.press("v")
    expect(page.locator("#judging .correct")).to_be_visible()
    minded += problems(page, "dialog")
    assert not minded, "\n".join(minded)


def seed(agent, account) -> None:
    """One of everything that the screens of judgement can show."""
    top = Topic.objects.create(name="Network", words=["signal", "coverage", "no service"])
    Topic.objects.create(name="Roaming", parent=top, words=["abroad", "border"])
    Topic.objects.create(name="Billing")
    first = case(
        account, lang="en", odds=[0.97, 0.84, 0.6, 0.99], topic=top.pk, judge="fast-1", policy=1,
        flags=["stranded", "safety"], unsure=["tone"],
        reasons=[
            ["terms", "Says “without a signal”, “nobody answers”", 2.1],
            ["earlier", "Wrote twice before today", 1.2], ["hour", "Late in the evening", -0.4],
            ["to_us", "Written to us", 0.0],
        ],
    )  # fmt: skip
    copy = case(account, "Third day with no signal, nobody answers", "Mara Lind",
                copy_of=first.about_post_id)  # fmt: skip
    Correction.objects.create(
        post=first.about_post, version_at=first.about_post.version_at, aspect="kind", was="other",
        now="complaint", by=agent, why="Asks for help", at=factories.NOW, judge="fast-1",
        network="practice", lang="en",
    )  # fmt: skip
    Verdict.objects.filter(pk=first.about_post_id).update(corrected=["kind"])
    abuse = case(account, "You are all bastards", "Ruud Haver", flags=["abuse"], tone=5)
    help_ = case(account, "I cannot go on any more", "Priti Anand", flags=["selfharm"])
    factories.column("All", "signal", *(c.about_post for c in (first, copy, abuse, help_)))
    for live in (True, True, False):
        made = keep_layer(
            base="fast-1", weights=b"w", note="" if live else "Not better on what it never saw.",
            figures={"lessons": 212, "tone": {"before": 0.71, "after": 0.74}}, now=factories.NOW,
        )  # fmt: skip
        if live:
            go_live(layer_id=made, now=datetime.now(UTC))


def pages() -> list[tuple[str, str]]:
    """Where to look, and what is there."""
    by_text = {v.post.text: v.pk for v in Verdict.objects.select_related("post")}
    cases = {c.about_post.text: c.pk for c in factories.Case.objects.select_related("about_post")}
    first = by_text[TEXT]
    looks = {text: f"/case/{number}/" for text, number in cases.items()}
    named = [(path, re.sub(r"\W+", "-", text)[:20]) for text, path in looks.items()]
    return [("/desk/", "desk"), ("/deck/", "deck"), (f"/judgement/posts/{first}/", "post"), *named]
