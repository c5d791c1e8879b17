"""The desk as its agents see it, in a real browser, with people on the other side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import AGENTS
from e2e.steps import eventually, open_case, row, show

TAKEN = "#case-head"


def resolve_owing(page: Page) -> str | None:
    """Settle the open case by keyboard, and owe the public follow-up; the number of the case."""
    number = page.locator("#case").get_attribute("data-case")
    expect(page.locator("#resolve")).to_have_attribute("data-asks", "True-False")
    page.keyboard.press("Shift+R")  # settled
    expect(page.locator("#resolve")).to_be_visible()
    page.keyboard.press("Space")  # the first way to end: solved
    page.keyboard.press("Enter")
    expect(page.locator("#resolve-err")).to_contain_text("Write the public follow-up")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # owe it for now
    page.keyboard.press("Enter")
    expect(page.locator("#resolve")).to_be_hidden()
    return number


def test_a_case_from_complaint_to_thanks_by_keyboard_alone(stage, context):
    page = context().new_page()
    page.goto("/signin/")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.type(AGENTS["ada"])
    page.keyboard.press("Tab")
    page.keyboard.type(stage.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")

    person = stage.someone(messages_from="everyone")
    stage.net.open("complain", who=person["handle"])
    show(page, person["name"])

    link = row(page, person["name"]).locator(".row__link")
    while not link.evaluate("link => link === document.activeElement"):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#cust-h")).to_contain_text(person["name"])
    page.keyboard.press("a")  # take it: the first name in the menu is ours
    page.keyboard.press("Enter")
    expect(page.locator(TAKEN)).to_contain_text("Anika")

    page.keyboard.press("1")  # answer in public, keep the case in sight
    expect(page.locator("#aud")).to_contain_text("Everyone can read this.")
    page.keyboard.type("We are on it, sorry for the trouble.")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#tl")).to_contain_text("Leaves in")
    expect(page.locator("#tl .way")).to_have_count(0, timeout=30_000)
    expect(page.locator("#tl .post--us")).to_contain_text("sorry for the trouble. ^AB")
    eventually(lambda: any("sorry for the trouble" in p.text for p in stage.net.posts().values()))

    stage.net.advance(hours=1)  # the customer reads it and reacts
    before = page.locator("#tl .post").count()
    stage.net.write(person["handle"], "@NorthwindCare thanks, and now?")
    expect(page.locator("#tl")).to_contain_text("thanks, and now?")
    assert page.locator("#tl .post").count() > before

    page.keyboard.press("Escape")
    page.keyboard.press("2")  # in private
    expect(page.locator("#aud")).to_contain_text("can read this.")
    page.keyboard.type("May we have your customer number?")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator(".lane--dm")).to_contain_text("customer number?")
    expect(page.locator("#tl .way")).to_have_count(0, timeout=30_000)

    page.keyboard.press("Escape")
    number = resolve_owing(page)
    page.goto(f"/case/{number}/")
    expect(page.locator(TAKEN)).to_contain_text("Resolved")
    expect(page.locator("#owed")).to_contain_text("A public follow-up is owed by")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/deck/")


def test_two_agents_see_each_others_acts_at_once(stage, sign_in):
    ada, ben = sign_in("ada"), sign_in("ben")
    name = stage.customer("the app logs me out all the time")
    open_case(ada, name)
    open_case(ben, name)

    ben.keyboard.press("a")
    ben.locator("#assign-menu .menu__i", has_text="Mira Solberg").click()
    expect(ada.locator(TAKEN)).to_contain_text("Mira")
    expect(ada.locator("#tl")).to_contain_text("Mira Solberg took the case")

    ben.keyboard.press("3")
    ben.keyboard.type("He is on the old app")
    ben.keyboard.press("Control+Enter")
    expect(ada.locator(".note")).to_contain_text("He is on the old app")


def test_an_answer_is_taken_back_into_the_box(stage, sign_in):
    page = sign_in()
    name = stage.customer("where is my parcel")
    open_case(page, name)
    page.keyboard.press("1")
    page.keyboard.type("It is on the moon.")
    page.keyboard.press("Control+Enter")
    page.locator(".toast--undo button").click()
    expect(page.locator("#cust-h")).to_contain_text(name)
    expect(page.locator("#draft-public")).to_have_value("It is on the moon.")
    expect(page.locator("#draft-public")).to_be_focused()
    expect(page.locator("#tl .way")).to_have_count(0)


def test_a_text_stays_in_its_room_and_moving_it_asks(stage, sign_in):
    page = sign_in()
    open_case(page, stage.customer("my code does not work", messages_from="everyone"))
    page.keyboard.press("2")
    page.keyboard.type("Your code is blue")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("#draft-public")).to_have_value("")
    page.get_by_role("button", name="Use it here").click()
    expect(page.locator("#ask")).to_contain_text("Everyone will be able to read it.")
    page.locator("#ask button", has_text="Cancel").click()
    expect(page.locator("#draft-public")).to_have_value("")
    page.reload()
    page.keyboard.press("2")
    expect(page.locator("#draft-direct")).to_have_value("Your code is blue")


def test_new_rows_wait_while_the_list_is_in_use(stage, sign_in):
    page = sign_in()
    page.locator("#list").hover()
    page.mouse.move(500, 300)
    name = stage.customer("no signal in the cellar")
    expect(page.locator("[data-shownew]")).to_be_visible()
    expect(row(page, name)).to_have_count(0)
    page.keyboard.press(".")
    expect(row(page, name)).to_be_visible()
    expect(page.locator("[data-shownew]")).to_be_hidden()


COUNT_STREAMS = """
  window.streams = 0;
  const Real = window.EventSource;
  window.EventSource = class extends Real { constructor(...a) { super(...a); window.streams++; } };
"""


def test_an_account_that_cannot_be_connected_is_said_by_keyboard_alone(stage, sign_in):
    page = sign_in()
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/networks/")
    expect(page.locator(".acc")).to_contain_text("Works")
    page.get_by_role("link", name="Mail").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/networks/connect/mail/")
    posted = []
    page.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    page.locator("[name=address]").focus()
    page.keyboard.type("care")
    page.keyboard.press("Tab")
    page.keyboard.type("a password of no use")
    busy = page.evaluate("""() => {
      const form = document.querySelector("main form"), button = form.querySelector("button");
      for (let i = 0; i < 3; i++) form.requestSubmit();
      return button.textContent;
    }""")
    assert busy == "Trying it…"
    expect(page.locator("#trouble")).to_contain_text("That is not an e-mail address.")
    expect(page.locator("[name=address]")).to_have_value("care")
    expect(page.locator("[name=password]")).to_have_value("")
    assert len(posted) == 1


@pytest.mark.parametrize("worker", [True, False], ids=["shared worker", "leading tab"])
def test_ten_tabs_are_live_with_one_stream(stage, sign_in, worker):
    first = sign_in()
    first.context.add_init_script(COUNT_STREAMS)
    if not worker:
        first.context.add_init_script("delete window.SharedWorker")
    tabs = [first.context.new_page() for _ in range(10)]
    for tab in tabs:
        tab.goto("/desk/?q=unassigned")
    first.close()
    tabs[0].wait_for_timeout(500)
    name = stage.customer("ten tabs, one stream")
    for tab in tabs:
        tab.bring_to_front()
        show(tab, name)
    assert sum(tab.evaluate("window.streams") for tab in tabs) == (0 if worker else 1)
    if not worker:
        leader = next(tab for tab in tabs if tab.evaluate("window.streams"))
        leader.close()
        rest = [tab for tab in tabs if tab is not leader]
        rest[0].wait_for_timeout(800)
        name = stage.customer("the leading tab is gone")
        show(rest[-1], name)


def test_the_deck_runs_and_a_post_becomes_a_case(stage, sign_in):
    page = sign_in()
    page.goto("/deck/")
    page.get_by_role("link", name="Add column").click()
    page.fill("#deck-sheet [name=name]", "Lighthouses")
    page.fill("#query", "lighthouse (")
    page.locator("#deck-sheet .btn--ink").click()
    expect(page.locator("#tried")).to_contain_text("Something is missing here")
    page.fill("#query", "lighthouse")
    page.locator("#deck-sheet .btn--ink").click()
    expect(page.locator(".col", has_text="Lighthouses")).to_be_visible()

    someone = stage.someone()
    stage.net.write(someone["handle"], "What a fine lighthouse this is")
    post = page.locator(".tw", has_text="fine lighthouse")
    expect(post).to_be_visible()
    post.focus()
    page.keyboard.press("c")
    expect(post).to_contain_text("Case #")

    page.locator(".col", has_text="Lighthouses").get_by_role("link", name="options").click()
    page.get_by_role("button", name="Remove").click()
    page.locator("#ask-yes").click()
    expect(page.locator(".col", has_text="Lighthouses")).to_have_count(0)


def test_without_a_script_one_can_answer_as_well(stage, context):
    page = context(java_script_enabled=False).new_page()
    page.goto("/signin/")
    page.fill("[name=email]", AGENTS["ben"])
    page.fill("[name=password]", stage.password)
    page.click("button[type=submit]")
    name = stage.customer("my bill is wrong again, third time now")
    eventually(lambda: page.goto("/desk/?q=unassigned") and row(page, name).count(), 1)
    row(page, name).locator(".row__link").click()
    page.locator(".mode--public").click()
    page.fill("#draft-public", "Plain and simple.")
    page.locator(".send__main").click()
    expect(page.locator("#tl")).to_contain_text("Leaves in")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#draft-public")).to_have_value("Plain and simple.")


def test_on_a_phone_list_and_case_are_two_pages_and_nothing_sticks_out(stage, sign_in):
    page = sign_in(viewport={"width": 390, "height": 844}, has_touch=True)
    name = stage.customer("on the phone about the phone")
    eventually(lambda: page.goto("/desk/") and row(page, name).count(), 1)
    row(page, name).locator(".row__link").tap()
    page.wait_for_url(re.compile("/case/"))
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    networks = ("/networks/", "/networks/connect/x/", "/networks/connect/bluesky/")
    for path in (page.url, "/desk/", "/deck/", *networks, "/signin/"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
