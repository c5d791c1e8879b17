"""Taking the next case, and handing one over between two browsers, as agents do it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.steps import open_case

HEAD = "#case-head"


def test_the_next_case_is_taken_by_one_key_and_says_why_it_is_the_one(stage, sign_in):
    page = sign_in("ada")
    name = stage.customer("where is my parcel, I am furious and will go to the press")
    open_case(page, name)  # it is there
    page.goto("/desk/?q=mine")
    page.keyboard.press("n")
    expect(page.locator(HEAD)).to_contain_text("Anika")
    expect(page.locator("#tl")).to_contain_text("Anika Brandt took the case")
    expect(page.locator("#toasts")).to_contain_text("is yours")
    place = page.locator(".place")
    expect(place).to_contain_text("Its place in the queue")
    place.locator("summary").click()
    points = [int(n) for n in place.locator("li b").all_inner_texts()]
    total = re.search(r"(\d+) point", place.locator("summary").inner_text())
    assert sum(points) == int(total[1])


def test_a_case_goes_from_one_browser_to_another_and_stays_until_it_is_accepted(stage, sign_in):
    ada, ben = sign_in("ada"), sign_in("ben")
    name = stage.customer("my invoice is wrong for the third time")
    ben.goto("/desk/?q=mine")
    open_case(ada, name)
    ada.keyboard.press("a")
    ada.locator("#assign-menu .menu__i", has_text="Anika").click()
    expect(ada.locator(HEAD)).to_contain_text("Anika")

    ada.keyboard.press("o")
    expect(ada.locator("#hand")).to_be_visible()
    value = ada.locator("#hand option", has_text="Mira Solberg").get_attribute("value")
    ada.select_option("#hand [name=to]", value)
    ada.fill("#hand [name=note]", "She wants the credit note first")
    ada.locator("#hand button[type=submit]", has_text="Offer it").click()
    expect(ada.locator(".offered")).to_contain_text("You offered this to Mira Solberg.")
    expect(ada.locator(HEAD)).to_contain_text("Anika")

    expect(ben.locator("#offers")).to_contain_text("She wants the credit note first")
    ben.locator("#offers button", has_text="Accept").click()
    expect(ben.locator("#cust-h")).to_contain_text(name)
    expect(ben.locator(HEAD)).to_contain_text("Mira")
    expect(ben.locator("#offers")).to_be_hidden()
    expect(ada.locator("#tl")).to_contain_text("Mira Solberg took the case over from Anika Brandt")
    expect(ada.locator(".offered")).to_have_count(0)
