"""Changing the policy in a real browser: checked while it is typed, written by forms, applied."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import factories
from core.policy.writing import GOAL
from e2e.everyone import problems
from e2e.steps import SIZES
from sanderling.policy import actions, queries

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLE = '\n[[examples]]\nname = "Quick"\nexpect = { acknowledge = "1h" }\n'
MINE = "# Ours\n" + 'name = "Ours"\n' + GOAL + EXAMPLE


@pytest.fixture
def opened(opened):
    """A page of a lead."""
    lead = factories.agent("Lena Whitlock", is_lead=True)
    return lambda path, **given: opened(lead, path, **given)


@pytest.fixture
def ours():
    return actions.apply(text=MINE, by=None, note="Ours", now=factories.NOW)


def test_a_lead_breaks_mends_and_applies_the_policy(opened, ours):
    page = opened("/policy/text/")
    text = page.locator("#text")
    expect(page.locator("#checked-h")).to_contain_text("Nothing is wrong")
    text.fill(MINE.replace('"1h"\nanswer', '"20m"\nanswer').replace('"4h"', '"4 hours"'))
    expect(page.locator("#checked-h")).to_contain_text("1 thing is wrong")
    expect(page.locator(".editor__lines .bad")).to_have_count(1)
    page.get_by_role("button", name="Line 8").click()
    chosen = "t => t.value.slice(t.selectionStart, t.selectionEnd)"
    assert text.evaluate(chosen) == 'answer = "4 hours"'
    page.keyboard.type('answer = "4h"')
    expect(page.locator("#checked")).to_contain_text("expected 1h, but 20m came out")
    text.fill(text.input_value().replace('acknowledge = "1h"', 'acknowledge = "20m"'))
    expect(page.locator("#checked-h")).to_contain_text("Nothing is wrong")
    page.get_by_label("What changes, and why").fill("Quicker")
    page.get_by_role("button", name="Apply as the next version").click()
    expect(page).to_have_url(re.compile("/policy/$"))
    expect(page.locator("main")).to_contain_text("Quicker")
    expect(page.locator(".diff__new").first).to_contain_text('acknowledge = "20m"')
    assert queries.versions()[0].note == "Quicker"


def test_a_form_writes_into_the_text_beside_it(opened, ours):
    page = opened("/policy/text/")
    page.locator("#forms summary", has_text="How fast").click()
    page.get_by_label("Solve within, Everything").fill("2d")
    page.get_by_role("button", name="Write these times into the text").click()
    written = re.compile(r'^# Ours\n.*answer = "4h"\nsolve = "2d"', re.DOTALL)
    expect(page.locator("#text")).to_have_value(written)
    expect(page.locator("#checked")).to_contain_text("Nothing is wrong")
    assert queries.newest() == ours


def test_without_a_script_the_policy_is_changed_by_plain_forms(opened, ours):
    page = opened("/policy/text/", java_script_enabled=False)
    page.locator("#text").fill(MINE.replace('"4h"', "4"))
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#checked")).to_contain_text("This must be a time in quotes")
    page.locator("#text").fill(MINE.replace('"4h"', '"5h"'))
    page.get_by_label("What changes, and why").fill("Slower")
    page.get_by_role("button", name="Apply as the next version").click()
    expect(page.locator("main")).to_contain_text("Slower")
    assert queries.newest() > ours


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(opened, ours, size):
    given = {"viewport": SIZES[size], "reduced_motion": "reduce"}
    page = opened("/policy/", **given)
    minded = problems(page, "policy")
    for path in (f"/policy/versions/{ours}/", "/policy/versions/0/", "/policy/text/"):
        page.goto(path)
        minded += problems(page, path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.locator("#text").fill(MINE.replace('"4h"', "4") + "wen = 1")
    expect(page.locator("#checked-h")).to_contain_text("2 things are wrong")
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    minded += problems(page, "what is wrong")
    assert not minded, "\n".join(minded)
