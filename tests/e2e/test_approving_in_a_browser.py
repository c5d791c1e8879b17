"""A second pair of eyes, one answer to several customers and a helper's link, in real browsers."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.steps import eventually, open_case, row, show


def posted(stage, words: str) -> int:
    return sum(words in post.text for post in stage.net.posts().values())


def test_an_answer_is_sent_back_written_anew_edited_and_approved(stage, sign_in):
    author, lead = sign_in("ben"), sign_in("ada")
    lead.goto("/approvals/")
    name = stage.customer("my lawyer will see you in court, I take legal action over this bill")
    open_case(author, name)
    author.keyboard.press("1")
    author.keyboard.type("We will refund you on Monday.")
    author.keyboard.press("Control+Shift+Enter")
    expect(author.locator("#tl .way--held")).to_contain_text("Waits for approval by a team lead")
    expect(author.locator("#toasts")).to_contain_text("It waits for a team lead to approve it.")
    expect(author.locator(".toast--undo")).to_have_count(0)

    waits = lead.locator(".wait", has_text=name)  # it comes by itself
    expect(waits).to_contain_text("We will refund you on Monday.")
    expect(lead.locator("#nav-approvals")).to_contain_text(re.compile(r"\d"))
    waits.focus()
    lead.keyboard.press("b")
    lead.keyboard.type("Say what happens next.")
    lead.keyboard.press("Control+Enter")
    expect(lead.locator(".wait", has_text=name)).to_have_count(0)

    expect(author.locator("#nav-approvals")).to_contain_text("1")
    expect(author.locator("#tl")).to_contain_text("sent Mira Solberg’s answer back")
    author.reload()
    expect(author.locator("#draft-public")).to_have_value("We will refund you on Monday.")
    author.locator("#draft-public").fill("We will refund you on Friday, and write again then.")
    author.locator("#draft-public").press("Control+Shift+Enter")
    expect(author.locator("#tl .way--held")).to_be_visible()

    expect(waits.locator("del")).to_contain_text("Monday")
    expect(waits.locator("ins").first).to_contain_text("Friday")
    waits.focus()
    lead.keyboard.press("e")
    area = waits.locator("[name=text]")
    area.fill("We will refund you on Friday, and tell you here.")
    area.press("Control+Enter")
    expect(lead.locator(".wait", has_text=name)).to_have_count(0)
    expect(author.locator("#tl")).to_contain_text("edited by Anika Brandt")
    eventually(lambda: posted(stage, "on Friday, and tell you here. ^MS"), 1)
    assert posted(stage, "on Monday") == 0


def test_one_answer_to_three_leaves_three_times_and_not_six(stage, sign_in):
    page = sign_in()
    names = [stage.customer(f"the app shows no balance, number {n}") for n in range(3)]
    for name in names:
        show(page, name)
        row(page, name).locator(".row__pick input").check()
    expect(page.locator("#many")).to_contain_text("3 chosen")
    page.locator("#many button", has_text="Answer").click()
    expect(page.locator("h1")).to_have_text("Answer 3 customers together")
    words = "the balance is back tonight"
    page.locator("[name=text]").fill(f"[Hello|Hi|Good day] {{name}}, sorry, {words}.")
    page.locator("[value=look]").click()
    texts = page.locator(".manyone__t").all_inner_texts()
    assert len(texts) == len({re.sub(r" \S+,", "", text, count=1) for text in texts}) == 3
    page.locator("[value=send]").click()
    expect(page.locator("h1")).to_have_text("How it went")
    page.reload()  # the form comes twice
    expect(page.locator(".page__head")).to_contain_text("3 answers on their way, of 3")
    eventually(lambda: posted(stage, words), 3)
    page.wait_for_timeout(2000)
    assert posted(stage, words) == 3


def test_a_helper_answers_through_a_link_and_nothing_leaves_before_a_yes(stage, sign_in, context):
    page = sign_in()
    name = stage.customer("is the mast at Quay Street up again?")
    open_case(page, name)
    number = page.locator("#case").get_attribute("data-case")
    page.goto(f"/case/{number}/helpers/")
    page.fill("[name=name]", "Rita Sand")
    page.fill("[name=initials]", "rs")
    page.fill("[name=question]", "Is it?")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("input[readonly]").input_value()

    helper = context().new_page()
    helper.goto(link)
    expect(helper.locator("h1")).to_contain_text("asks for your help")
    expect(helper.locator("body")).to_contain_text("Quay Street")
    helper.fill("[name=text]", "The mast has been up since noon.")
    helper.get_by_role("button", name="Propose this answer").click()
    expect(helper.get_by_role("status")).to_contain_text("looks at your answer")
    assert posted(stage, "up since noon") == 0

    page.goto("/approvals/")
    waits = page.locator(".wait", has_text=name)
    expect(waits).to_contain_text("Rita Sand")
    waits.get_by_role("button", name="Approve", exact=True).click()
    eventually(lambda: posted(stage, "The mast has been up since noon. ^RS"), 1)


def test_a_template_goes_into_the_box_where_the_cursor_is(stage, sign_in):
    page = sign_in()
    page.goto("/templates/")
    details = page.locator("#new-template")
    if not details.evaluate("d => d.open"):
        details.locator("summary").click()
    details.locator("[name=name]").fill("Sorry")
    details.locator("[name=text]").fill("Sorry for the trouble, {name}.")
    details.get_by_role("button", name="Keep it").click()
    expect(page.locator(".temp", has_text="Sorry for the trouble")).to_be_visible()
    page.goto("/desk/")
    name = stage.customer("my phone is dead again")
    open_case(page, name)
    page.keyboard.press("1")
    page.keyboard.press("/")
    expect(page.locator("#template-menu")).to_contain_text("Sorry for the trouble, ")
    page.keyboard.press("Enter")
    expect(page.locator("#draft-public")).to_have_value(
        re.compile(r"^Sorry for the trouble, \S+\.$")
    )
    expect(page.locator("#draft-public")).to_be_focused()
