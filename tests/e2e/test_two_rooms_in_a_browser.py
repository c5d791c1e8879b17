"""A complaint before everyone: invited, solved in private, told in public, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.everyone import problems
from e2e.steps import eventually, open_case


def say(page: Page, room: str, text: str) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press(room)
    page.keyboard.type(text)
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#tl .way")).to_have_count(1)
    expect(page.locator("#tl .way")).to_have_count(0, timeout=30_000)


def test_from_the_invitation_to_the_public_follow_up(stage, sign_in):
    page = sign_in()
    person = stage.someone(messages_from="everyone")
    stage.net.write(person["handle"], "@NorthwindCare nothing works, this is a disgrace")
    open_case(page, person["name"])
    number = page.locator("#case").get_attribute("data-case")

    page.keyboard.press("1")
    page.locator(".invite").click()
    expect(page.locator("#draft-public")).to_have_value(re.compile("direct message"))
    page.locator("#draft-public").focus()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#way [aria-current=step]")).to_contain_text("Came", timeout=30_000)
    expect(page.locator("#tl")).to_contain_text("asked the customer to write in private")
    expect(page.locator("#invites")).not_to_be_checked()

    stage.net.write(person["handle"], "Here I am, my number is 42", to="NorthwindCare")
    expect(page.locator("#way [aria-current=step]")).to_contain_text("Solved")
    say(page, "2", "Found it, all is well.")

    expect(page.locator("#resolve")).to_have_attribute("data-asks", "True-False")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+R")
    expect(page.locator("#resolve")).to_contain_text("close the loop in public")
    assert not problems(page, "resolve with a follow-up")
    page.keyboard.press("Space")
    page.select_option("[name=cause]", label="Mast outage")
    page.locator("[name=text_follow]").fill("Call 0170 1234567 if it happens again.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#resolve-err")).to_contain_text("must not stand in public")
    page.locator("[name=text_follow]").fill("Update: the mast is up again since 9:10.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#resolve")).to_be_hidden()
    expect(page.locator(".toast--undo")).to_contain_text("the case is resolved")

    page.goto(f"/case/{number}/")
    expect(page.locator("#case-head")).to_contain_text("Resolved")
    expect(page.locator("#owed")).to_have_count(0, timeout=30_000)
    expect(page.locator("#tl")).to_contain_text("told the public how it ended")
    expect(page.locator("#tl")).to_contain_text("Solved. Cause: Network › Mast outage.")
    eventually(lambda: any("the mast is up" in p.text for p in stage.net.posts().values()))


def test_what_is_owed_waits_in_its_list_until_somebody_says_why_not(stage, sign_in):
    page = sign_in()
    person = stage.someone(messages_from="everyone")
    stage.net.write(person["handle"], "@NorthwindCare my line is dead, shame on you")
    open_case(page, person["name"])
    say(page, "2", "It works again, sorry.")
    page.reload()
    page.keyboard.press("Shift+R")
    page.keyboard.press("Space")
    page.locator(".endpick", has_text="Owe it").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#resolve")).to_be_hidden()

    page.keyboard.press("Escape")
    page.goto("/lists/")
    page.locator(".workitem", has_text=person["name"]).get_by_role("link").click()
    page.locator("#owe-nothing summary").click()
    page.locator("#owe-nothing [name=why]").fill("They asked us not to")
    page.keyboard.press("Enter")
    expect(page.locator("#owed")).to_have_count(0)
    expect(page.locator("#tl")).to_contain_text("They asked us not to")
    page.goto("/lists/")
    expect(page.locator(".workitem", has_text=person["name"])).to_have_count(0)
