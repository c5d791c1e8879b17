"""A day at the practice network, by three agents in three browsers: Anika leads, Mira and Tomás
answer. In the evening every customer is answered or somebody has them, the numbers on the queues
are those of the desk, and no page had a word to say against it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.steps import eventually, open_case, row, show
from sanderling.store.server import conninfo
from sanderling.store.sql import statement

HEAD = "#case-head"
QUEUES = ("mine", "unassigned", "team", "waiting", "snoozed", "incidents")
SETTLES_MS = 40_000
"""An answer waits some seconds in which it can be taken back, and then for the worker."""
TOLD = "took this case a moment before you."
TEXTS = {
    "raced": "my router blinks red since noon",
    "asked": "is the cell in Husum down again?",
    "legal": "my lawyer will see you in court, I take legal action over this bill",
    "rested": "my number is not ported yet, when is it?",
    "looped": "nothing works, this is a disgrace",
    "one": "the meter in the app shows nonsense",
    "two": "the app shows no balance at all",
    "last": "my parcel never came, where is it?",
}
ANSWERS = {
    "raced": "Please restart it once, then it works.",
    "asked": "It is up again since nine, sorry.",
    "legal": "We will refund you on Friday, and tell you here.",
    "looped": "Update: the mast is up again since 9:10.",
    "last": "It left this morning, sorry for the wait.",
}
"""What stands in public in the evening, each once."""

LISTEN = """addEventListener("DOMContentLoaded", () => new MutationObserver((all) => {
    for (const { addedNodes } of all) for (const node of addedNodes)
        if (node.matches?.(".toast--bad")) minded(node.textContent.trim());
}).observe(document.body, { childList: true, subtree: true }))"""
"""Keeps what the desk complains about, which goes from the screen after some seconds."""
CLICK = """(button, at) => void setTimeout(() => {
    button.form.elements.had.value = "";  // as it is where the page has not heard of it yet
    button.click();
}, at - Date.now())"""


class Books:
    """The desk's own tables, read beside its pages."""

    def __init__(self, line: psycopg.Connection[Any]) -> None:
        self._line = line

    def badges(self, initials: str) -> list[int]:
        """The numbers on this agent's queues."""
        agent = self._one("select id from people_agent where initials = %s", [initials])
        given = {"agent": agent, "most": 1_000}
        counted = self._line.execute(statement("cases/badges"), given).fetchone()
        return [int(n) for n in counted]

    def forgotten(self, names: list[str]) -> int:
        """How many cases of these customers wait for us, and nobody has them."""
        return self._one(
            "select count(*) from cases_case c join listen_identity i on i.id = c.requester_id"
            " where i.name = any(%s) and c.state in ('new', 'open') and c.owner_id is null",
            [names],
        )

    def served(self, names: list[str]) -> int:
        """How many of these customers have a case."""
        return self._one(
            "select count(distinct i.name) from cases_case c"
            " join listen_identity i on i.id = c.requester_id where i.name = any(%s)",
            [names],
        )

    def _one(self, query: str, given: list[Any]) -> Any:
        return self._line.execute(query, given).fetchone()[0]


class Day:
    """The three at their pages, and the customers by what they write about."""

    def __init__(self, stage, pages: list[Page]) -> None:
        self.lead, self.mira, self.tomas = pages
        self.net = stage.net
        self.people = {part: stage.someone(messages_from="everyone") for part in TEXTS}
        for part in TEXTS:
            self.write(part, TEXTS[part])

    def name(self, part: str) -> str:
        return self.people[part]["name"]

    def write(self, part: str, text: str) -> None:
        self.net.write(self.people[part]["handle"], f"@NorthwindCare {text}")

    def open(self, page: Page, part: str) -> None:
        open_case(page, self.name(part))

    def posted(self, words: str) -> int:
        return sum(words in post.text for post in self.net.posts().values())


@pytest.fixture
def books(stage) -> Iterator[Books]:
    with psycopg.connect(conninfo(stage.home), autocommit=True) as line:
        yield Books(line)


@pytest.fixture
def minded() -> list[str]:
    """What any page complained about."""
    return []


@pytest.fixture
def day(stage, sign_in, minded) -> Day:
    pages = [sign_in(who) for who in ("ada", "ben", "tom")]
    for page in pages:
        page.context.expose_function("minded", lambda said: minded.append(said))
        page.context.add_init_script(LISTEN)
        page.reload()
    return Day(stage, pages)


def write(page: Page, room: str, text: str, keys: str = "Control+Shift+Enter") -> None:
    """Write in a room, and let it leave."""
    box = page.locator(f"#draft-{room}")
    page.keyboard.press("Escape")
    eventually(lambda: _turned_to(page, box, {"public": "1", "direct": "2", "note": "3"}[room]))
    page.keyboard.type(text)
    expect(box).to_have_value(re.compile(re.escape(text)))
    page.keyboard.press(keys)
    expect(box).to_have_value("")


def _turned_to(page: Page, box: Locator, key: str) -> bool:
    """Press the room's key until its box is there to write in: scripts come after the page."""
    focused = box.evaluate("box => box === document.activeElement")
    if not focused:
        page.keyboard.press(key)
    return bool(focused)


def they_want_the_same_case(day: Day) -> tuple[Page, Page]:
    """Mira and Tomás take it in the same moment: one has it, the other is told who."""
    pair = ((day.mira, "Mira Solberg"), (day.tomas, "Tomás Ibarra"))
    for page, _ in pair:
        day.open(page, "raced")
        page.keyboard.press("a")
    at = time.time() * 1000 + 500
    for page, who in pair:
        page.locator("#assign-menu .menu__i", has_text=who).evaluate(CLICK, at)
    eventually(lambda: any(TOLD in page.locator("#toasts").inner_text() for page, _ in pair))
    first, second = pair if TOLD in day.tomas.locator("#toasts").inner_text() else pair[::-1]
    (winner, by), (loser, _) = first, second
    expect(loser.locator("#toasts")).to_contain_text(f"{by} {TOLD}")
    expect(loser.locator(HEAD)).to_contain_text(by.split()[0])
    expect(loser.locator("#tl")).to_contain_text(f"{by} took the case")
    return winner, loser


def both_write_in_it(day: Day, winner: Page, loser: Page) -> None:
    """One takes their first answer back and says it anew; the other is stopped by it."""
    loser.keyboard.press("Escape")
    loser.keyboard.press("1")
    loser.keyboard.type("We look into it today.")
    loser.locator("#composer").evaluate("form => { window.seen = form.elements.seen.value }")
    expect(winner.locator("#here")).to_contain_text("is replying.")
    write(winner, "public", "It is on the moon, sorry.")
    winner.locator(".toast--undo button").click()
    expect(winner.locator("#draft-public")).to_have_value("It is on the moon, sorry.")
    winner.locator("#draft-public").fill(ANSWERS["raced"])
    winner.locator("#draft-public").press("Control+Shift+Enter")
    expect(loser.locator("#tl")).to_contain_text(ANSWERS["raced"])


def the_other_is_stopped_by_it(loser: Page) -> None:
    expect(loser.locator("#tl .way")).to_have_count(0, timeout=SETTLES_MS)
    # as it is where the page has not heard of it yet
    loser.locator("#composer").evaluate("form => { form.elements.seen.value = window.seen }")
    loser.locator("#draft-public").press("Control+Enter")
    expect(loser.locator("#stopped")).to_contain_text("1 new since you began")
    expect(loser.locator("#stopped")).to_contain_text(ANSWERS["raced"])
    loser.get_by_role("button", name="Change my answer").click()
    loser.locator("#draft-public").fill("")


def a_note_names_a_colleague_who_answers(day: Day) -> None:
    day.open(day.lead, "asked")
    day.lead.keyboard.press("3")
    day.lead.keyboard.type("Do you know Husum, @tom")
    expect(day.lead.locator("#names")).to_be_visible()
    day.lead.keyboard.press("Enter")
    day.lead.keyboard.press("Control+Enter")
    expect(day.lead.locator(".note")).to_contain_text("Do you know Husum, @Tomás Ibarra")
    expect(day.tomas.locator("#foryou")).to_contain_text("1")
    day.tomas.goto("/mentions/")
    day.tomas.locator("#waiting a", has_text=day.name("asked")).first.click()
    expect(day.tomas.locator(".note")).to_contain_text("Do you know Husum")
    write(day.tomas, "public", ANSWERS["asked"])
    expect(day.lead.locator("#tl")).to_contain_text(ANSWERS["asked"])


def a_second_pair_of_eyes(day: Day) -> None:
    """What talks of law waits for a lead, who approves it."""
    day.open(day.mira, "legal")
    write(day.mira, "public", ANSWERS["legal"])
    expect(day.mira.locator("#tl .way--held")).to_contain_text("Waits for approval by a team lead")
    expect(day.lead.locator("#nav-approvals")).to_contain_text("1")
    day.lead.goto("/approvals/")
    waits = day.lead.locator(".wait", has_text=day.name("legal"))
    expect(waits).to_contain_text(ANSWERS["legal"])
    waits.focus()
    day.lead.keyboard.press("Control+Enter")
    expect(waits).to_have_count(0)
    expect(day.mira.locator("#tl .way--held")).to_have_count(0)
    day.lead.goto("/desk/")


def put_aside_and_awake_again(day: Day) -> None:
    day.tomas.goto("/desk/")
    day.open(day.tomas, "rested")
    day.tomas.keyboard.press("h")
    day.tomas.keyboard.press("Enter")
    expect(day.tomas.locator(HEAD)).to_contain_text("Snoozed until")
    gone = row(day.lead, day.name("rested")).locator(":scope:not(.row--left)")
    expect(gone).to_have_count(0)
    day.write("rested", "hello? it is still not ported")
    expect(day.tomas.locator("#tl")).to_contain_text("still not ported")
    expect(day.tomas.locator(HEAD)).not_to_contain_text("Snoozed")
    show(day.lead, day.name("rested"))


def several_are_given_and_one_handed_on(day: Day) -> None:
    for part in ("one", "two", "rested"):
        show(day.lead, day.name(part))
        row(day.lead, day.name(part)).locator(".row__pick input").check()
    day.lead.locator("#many [value=give]").click()
    day.lead.locator("#bulk-sheet [name=to]").press_sequentially("Tom")
    day.lead.locator("#bulk-sheet button[type=submit]").click()
    for part in ("one", "two", "rested"):
        owned = row(day.lead, day.name(part)).get_by_role("img", name="Owner: Tomás Ibarra")
        expect(owned).to_be_visible()

    day.tomas.goto("/desk/?q=mine")
    day.open(day.tomas, "two")
    day.tomas.keyboard.press("o")
    mira = day.tomas.locator("#hand option", has_text="Mira Solberg").get_attribute("value")
    day.tomas.select_option("#hand [name=to]", mira)
    day.tomas.fill("#hand [name=note]", "You know the app")
    day.tomas.locator("#hand button[type=submit]").click()
    expect(day.tomas.locator(".offered")).to_contain_text("You offered this to Mira Solberg.")
    day.mira.goto("/desk/?q=mine")
    expect(day.mira.locator("#offers")).to_contain_text("You know the app")
    day.mira.locator("#offers button", has_text="Accept").click()
    expect(day.mira.locator("#cust-h")).to_contain_text(day.name("two"))
    expect(day.tomas.locator(HEAD)).to_contain_text("Mira")


def solved_in_private_and_told_in_public(day: Day) -> None:
    day.mira.goto("/desk/")
    day.open(day.mira, "looped")
    write(day.mira, "direct", "Found it, all is well.")
    expect(day.mira.locator(".lane--dm")).to_contain_text("Found it, all is well.")
    expect(day.mira.locator("#tl .way")).to_have_count(0, timeout=SETTLES_MS)
    expect(day.mira.locator("#resolve")).to_have_attribute("data-asks", "True-False")
    day.mira.keyboard.press("Escape")
    day.mira.keyboard.press("Shift+R")
    day.mira.keyboard.press("Space")
    day.mira.select_option("[name=cause]", label="Mast outage")
    day.mira.locator("[name=text_follow]").fill(ANSWERS["looped"])
    day.mira.keyboard.press("Control+Enter")
    expect(day.mira.locator("#resolve")).to_be_hidden()


def a_view_is_shared(day: Day) -> None:
    day.lead.goto("/views/?queue=team&query=owner:none#keep")
    day.lead.fill("#keep [name=name]", "Nobody has them")
    day.lead.select_option("#keep [name=shared]", "all")
    day.lead.locator("#keep button[type=submit]").click()
    day.lead.wait_for_url("**/desk/**")
    day.tomas.goto("/desk/")
    day.tomas.locator("#views a", has_text="Nobody has them").click()
    show(day.tomas, day.name("last"))
    expect(row(day.tomas, day.name("one"))).to_have_count(0)


def the_last_one_is_taken_and_answered(day: Day) -> None:
    day.open(day.tomas, "last")
    day.tomas.keyboard.press("a")
    day.tomas.locator("#assign-menu .menu__i", has_text="Tomás Ibarra").click()
    expect(day.tomas.locator(HEAD)).to_contain_text("Tomás")
    write(day.tomas, "public", ANSWERS["last"], "Control+Enter")


def shown(page: Page) -> list[int]:
    """The numbers on the queues, as the page has them."""
    found = [page.locator(f"#nav-{name} .nav__n") for name in QUEUES]
    return [int(one.inner_text().replace(",", "")) if one.count() else 0 for one in found]


def test_a_day_of_three_agents(day, books, minded):
    winner, loser = they_want_the_same_case(day)
    both_write_in_it(day, winner, loser)
    a_second_look = loser is day.mira
    if not a_second_look:
        a_second_pair_of_eyes(day)
    the_other_is_stopped_by_it(loser)
    if a_second_look:
        a_second_pair_of_eyes(day)
    a_note_names_a_colleague_who_answers(day)
    put_aside_and_awake_again(day)
    several_are_given_and_one_handed_on(day)
    solved_in_private_and_told_in_public(day)
    a_view_is_shared(day)
    the_last_one_is_taken_and_answered(day)

    for words in ANSWERS.values():
        eventually(lambda words=words: day.posted(words), 1)
    names = [person["name"] for person in day.people.values()]
    assert books.served(names) == len(TEXTS)
    eventually(lambda: books.forgotten(names), 0)
    assert day.posted("on the moon") == day.posted("look into it today") == 0
    for page, initials in ((day.lead, "AB"), (day.mira, "MS"), (day.tomas, "TI")):
        eventually(lambda page=page, who=initials: shown(page) == books.badges(who))
    assert [re.sub(r"^\S+ \S+ ", "", said) for said in minded] == [TOLD]
