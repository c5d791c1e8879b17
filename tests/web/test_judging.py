"""The screens of judgement: why a post is here, correcting it, and the page of the judges."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

import factories
from sanderling.core.verdict import Aspect, Flag, Reason
from sanderling.triage.layers import go_live, keep_layer
from sanderling.triage.models import Correction, Layer, Look, Topic, Verdict
from sanderling.web import findings, languages, wording

HOSTILE = "<script>alert(1)</script> {{ 7127 * 7127 }} \"'>"


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def lead(client):
    agent = factories.agent("Lena Lead", is_lead=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def account():
    return factories.account()


def now():
    return datetime.now(UTC)


def case(account, text="No signal for three days.", **found):
    """A case whose verdict says what `found` says."""
    made = factories.case(account, factories.identity(), text, due_at=now() + timedelta(hours=1))
    Verdict.objects.filter(pk=made.about_post_id).update(**found)
    return made


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def why(client, made):
    return words(client.get(f"/case/{made.pk}/why").text)


def form(client, post):
    """The fields of the form as it stands, as a browser would send them."""
    html = client.get(f"/judgement/posts/{post}/verdict").text
    html = html[html.index("<form") : html.index("</form>")]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = (re.search(rf'\b{k}="([^"]*)"', tag) for k in ("name", "value"))
        if 'type="radio"' not in tag or " checked" in tag:
            fields[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]* name="(\w+)".*?>(.*?)</select>', html, re.S):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return fields


def correct(client, post, script=True, **decided):
    fields = {**form(client, post), **decided}
    headers = {"X-Desk": "1"} if script else {}
    return client.post(f"/judgement/posts/{post}/correct/", fields, headers=headers)


def verdict(post):
    return Verdict.objects.get(pk=post)


# ── words ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("chance", "says"),
    [
        (None, ""),
        (1.0, ""),
        (0.999, "almost certain, 99%"),
        (0.84, "likely, 84%"),
        (0.6, "more likely than not, 60%"),
        (0.31, "hardly more than a guess, 31%"),
    ],
)
def test_how_sure_a_judge_is_is_told_in_words(chance, says):
    assert findings.likely(chance) == says


@pytest.mark.parametrize(
    ("code", "says", "script"),
    [
        ("de", "German", "Latin script"),
        ("ar", "Arabic", "Arabic script"),
        ("hi", "Hindi", "Devanagari script"),
        ("hi-Latn", "Hindi in Latin letters", ""),
        ("und", "Not known", ""),
        ("mixed", "Several, mixed", ""),
        ("qq", "qq", ""),
    ],
)
def test_languages_are_named_with_their_script(code, says, script):
    assert languages.language(code) == says
    assert languages.script(code) == script


def test_every_language_on_offer_has_a_name():
    for code in (*languages.READ, *languages.OTHERS):
        assert languages.language(code) != code


@given(st.text(max_size=40))
def test_any_note_of_a_correction_can_be_told(note):
    assert findings.corrected(note).startswith(("corrected", "confirmed"))


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("tone: 1 → 4", "corrected “tone”: Calm → Angry"),
        ("needs_us: false → true", "corrected “needs us”: No → Yes"),
        ("kind: other → other", "confirmed “kind”"),
        ("topic: 3 → 4", "corrected “topic”"),
    ],
)
def test_a_correction_is_told_in_the_story(note, says):
    assert findings.corrected(note) == says


@given(st.lists(st.floats(-20, 20), max_size=8))
def test_reasons_are_measured_by_the_heaviest(weights):
    told = findings.reasons(Reason("r", "says", weight) for weight in weights)
    shares = [r.share for r in told if r.share is not None]
    assert shares == sorted(shares, reverse=True)
    assert all(2 <= share <= 100 for share in shares)
    assert len(shares) == sum(weight != 0 for weight in weights)


def test_one_key_chooses_one_value():
    keys = [key for of in findings.KEYS.values() for key in of.values()] + ["l", "t", "w"]
    assert len(keys) == len(set(keys))


def test_everything_that_can_be_found_has_words():
    assert set(findings.FLAGS) == set(Flag)
    assert set(wording.ASPECTS) == set(Aspect)


# ── why it is here ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_panel_says_what_was_found_how_sure_and_why(client, ada, account):
    made = case(
        account, tone=4, lang="hi-Latn", odds=[0.97, 0.84, 0.6, 0.99], flags=["stranded", "safety"],
        reasons=[["capitals", "Shouts", 0.5], ["terms", "Says “no signal”", 2.0]], judge="fast-7",
        policy=1,
    )  # fmt: skip
    told = why(client, made)
    assert "Needs us Yes almost certain, 97%" in told
    assert "Kind Complaint likely, 84%" in told
    assert "Tone Angry more likely than not, 60%" in told
    assert "Hindi in Latin letters" in told
    assert "Somebody’s safety" in told
    assert "Stranded now" in told
    assert told.index("Says “no signal”") < told.index("Shouts")
    assert "(counted 25% of the most)" in told
    assert "Judged by fast-7, policy 1" in told


@pytest.mark.django_db
def test_a_verdict_of_an_older_judge_says_less(client, ada, account):
    told = why(client, case(account, odds=None, policy=None))
    assert "Kind Complaint Tone Annoyed" in told
    assert "%" not in told
    assert "policy" not in told
    assert "near-copies" not in told
    assert "Topic" not in told


@pytest.mark.django_db
def test_what_the_judge_is_unsure_of_asks_a_person(client, ada, account):
    made = case(account, unsure=["tone", "kind"], odds=[1, 0.4, 0.45, 1])
    assert "Unsure: please decide hardly more than a guess, 45%" in why(client, made)
    for path in ("/desk/", f"/case/{made.pk}/timeline"):
        assert "Unsure: please decide about kind and tone" in client.get(path).text


@pytest.mark.django_db
def test_a_certain_verdict_has_no_question_mark(client, ada, account):
    made = case(account)
    for path in ("/desk/", f"/case/{made.pk}/"):
        assert "Unsure" not in client.get(path).text


@pytest.mark.django_db
def test_near_copies_are_counted_and_lead_to_the_first(client, ada, account):
    first = case(account)
    copies = [case(account, copy_of=first.about_post_id) for _ in range(3)]
    assert "One of 4 near-copies. This is the first." in why(client, first)
    html = client.get(f"/case/{copies[0].pk}/why").text
    assert "One of 4 near-copies." in words(html)
    assert f'href="/judgement/posts/{first.about_post_id}/"' in html


@pytest.mark.django_db
def test_a_post_that_was_not_judged_yet_says_so(client, ada, account):
    made = case(account)
    Verdict.objects.all().delete()
    assert "Nothing was found in this post yet." in why(client, made)
    assert "It cannot be corrected yet." in client.get(
        f"/judgement/posts/{made.about_post_id}/").text  # fmt: skip
    assert client.post(f"/judgement/posts/{made.about_post_id}/correct/").status_code == 409


@pytest.mark.django_db
def test_every_judged_post_of_theirs_leads_to_its_verdict_and_ours_does_not(client, ada, account):
    made = case(account)
    ours = factories.post(account, factories.identity("Us"), "Sorry", direction="ours")
    factories.verdict(ours)
    factories.place(made, ours, "us")
    html = client.get(f"/case/{made.pk}/timeline").text
    assert re.findall(r'data-judge="(\d+)"', html) == [str(made.about_post_id)]
    assert client.get(f"/judgement/posts/{ours.pk}/").status_code == 404


@pytest.mark.django_db
def test_hostile_words_stay_words(client, ada, account):
    made = case(account, HOSTILE, reasons=[["r", HOSTILE, 1.0]], judge=HOSTILE)
    topic = Topic.objects.create(name=HOSTILE, words=[HOSTILE])
    Verdict.objects.update(topic=topic.pk)
    correct(client, made.about_post_id, tone="1", why=HOSTILE)
    post = f"/judgement/posts/{made.about_post_id}/"
    for path in (f"/case/{made.pk}/", post, f"{post}verdict", "/judgement/", "/deck/"):
        html = client.get(path).text
        assert "<script>alert" not in html, path
        assert str(7127 * 7127) not in html, path


# ── correcting ────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_correction_is_kept_with_who_and_why_and_shown(client, ada, account):
    made = case(account)
    answer = correct(client, made.about_post_id, tone="5", kind="question", why="  See   above ")
    assert answer.status_code == 200
    assert answer.json()["says"] == "Corrected: kind is Question, tone is Furious."
    assert answer.json()["undo"] == {"kind": "complaint", "tone": "3"}
    kept = {(c.aspect, c.was, c.now, c.by_id, c.why) for c in Correction.objects.all()}
    assert kept == {
        ("tone", "3", "5", ada.pk, "See above"),
        ("kind", "complaint", "question", ada.pk, "See above"),
    }
    told = why(client, made)
    assert "Tone Furious decided by a person" in told
    assert "“See above” Ada Lund" in told
    assert "Ada Lund corrected “tone”: Annoyed → Furious" in words(
        client.get(f"/case/{made.pk}/timeline").text
    )


@pytest.mark.django_db
def test_the_untouched_form_decides_nothing(client, ada, account):
    made = case(account)
    answer = correct(client, made.about_post_id, why="no reason")
    assert answer.status_code == 422
    assert "choose what is right first" in answer.json()["why"][0]
    assert not Correction.objects.exists()


@pytest.mark.django_db
def test_a_doubt_is_settled_by_confirming_the_guess_and_not_by_leaving_it(client, ada, account):
    post = case(account, unsure=["tone", "lang"]).about_post_id
    assert "tone" not in form(client, post)
    assert form(client, post)["lang"] == "?"
    assert correct(client, post).status_code == 422
    assert correct(client, post, tone="3").json()["says"] == "Confirmed: tone is Annoyed."
    assert verdict(post).unsure == ["lang"]


@pytest.mark.django_db
def test_an_undo_is_a_correction_back(client, ada, account):
    post = case(account).about_post_id
    undo = correct(client, post, tone="5").json()["undo"]
    client.post(f"/judgement/posts/{post}/correct/", undo, headers={"X-Desk": "1"})
    assert verdict(post).tone == 3
    assert [c.now for c in Correction.objects.order_by("id")] == ["5", "3"]


@pytest.mark.django_db
def test_who_was_faster_is_said_and_nothing_is_overwritten(client, ada, account):
    post = case(account).about_post_id
    mine = {**form(client, post), "tone": "1", "why": "kept words"}
    other = Client()
    other.force_login(factories.agent("Mira Solberg"))
    assert correct(other, post, tone="5").status_code == 200
    answer = client.post(f"/judgement/posts/{post}/correct/", mine, headers={"X-Desk": "1"})
    assert answer.status_code == 409
    assert "Tone is “Furious” by now: Mira Solberg was faster." in answer.json()["why"][0]
    assert verdict(post).tone == 5
    plain = client.post(f"/judgement/posts/{post}/correct/", mine)
    assert "kept words" in plain.text
    assert f'href="/judgement/posts/{post}/"' in plain.text


@pytest.mark.django_db
def test_two_who_decide_alike_or_about_other_things_do_not_clash(client, ada, account):
    post = case(account).about_post_id
    mine = {**form(client, post), "tone": "5", "kind": "question"}
    other = Client()
    other.force_login(factories.agent("Mira Solberg"))
    correct(other, post, tone="5", needs_us="true", urgency="2")
    answer = client.post(f"/judgement/posts/{post}/correct/", mine, headers={"X-Desk": "1"})
    assert answer.status_code == 200
    assert (verdict(post).tone, verdict(post).kind, verdict(post).urgency) == (5, "question", 2)


@pytest.mark.django_db
def test_a_post_that_was_edited_meanwhile_is_read_again_first(client, ada, account):
    made = case(account)
    mine = {**form(client, made.about_post_id), "tone": "5"}
    made.about_post.version_at = now()
    made.about_post.save()
    answer = client.post(
        f"/judgement/posts/{made.about_post_id}/correct/", mine, headers={"X-Desk": "1"}
    )
    assert answer.status_code == 409
    assert "The author changed the post" in answer.json()["why"][0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"tone": "9"}, {"kind": "rant"}, {"lang": HOSTILE}, {"urgency": ""}, {"topic": "77"}]
)
def test_what_cannot_be_is_refused_whole(client, ada, account, wrong):
    Topic.objects.create(name="Billing")
    post = case(account).about_post_id
    answer = correct(client, post, **{"needs_us": "false", **wrong})
    assert answer.status_code == 422
    assert verdict(post).needs_us
    assert not Correction.objects.exists()


@pytest.mark.django_db
def test_a_reason_may_not_be_a_novel(client, ada, account):
    post = case(account).about_post_id
    answer = correct(client, post, tone="5", why="w" * 501)
    assert answer.status_code == 422
    assert "500 characters" in answer.json()["why"][0]


@pytest.mark.django_db
def test_without_a_script_the_form_leads_back_to_the_post(client, ada, account):
    post = case(account).about_post_id
    answer = correct(client, post, script=False, tone="5")
    assert (answer.status_code, answer["Location"]) == (303, f"/judgement/posts/{post}/")
    assert "decided by a person" in client.get(answer["Location"]).text


@pytest.mark.django_db
def test_only_agents_see_and_correct(account):
    post = case(account).about_post_id
    stranger = Client()
    for path in ("/judgement/", f"/judgement/posts/{post}/", f"/judgement/posts/{post}/verdict"):
        assert stranger.get(path)["Location"].startswith("/signin/")
    answer = stranger.post(f"/judgement/posts/{post}/correct/", {"tone": "5"})
    assert answer["Location"].startswith("/signin/")
    assert verdict(post).tone == 3


@pytest.mark.django_db
def test_a_post_that_is_not_there_is_said(client, ada):
    assert client.get("/judgement/posts/77/").status_code == 404
    assert client.get("/judgement/posts/77/verdict").status_code == 404


# ── what nobody is made to read ───────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("flag", "says"),
    [("abuse", "This post insults staff."), ("threat", "This post contains a threat.")],
)
def test_abuse_and_threats_are_folded_everywhere(client, ada, account, flag, says):
    text = "You are all bastards"
    made = case(account, text, flags=[flag], reasons=[["abuse", "Says “bastards”", 1.0]])
    factories.column("All", "all", made.about_post)
    other = factories.case(account, made.requester, "Something else")
    post = made.about_post_id
    for path in ("/desk/", f"/case/{made.pk}/", f"/case/{other.pk}/", "/deck/",
                 f"/judgement/posts/{post}/"):  # fmt: skip
        html = client.get(path).text
        assert says in html, path
        open_text = words(re.sub(r"<details.*?</details>", "", html, flags=re.S))
        assert "bastards" not in open_text, path


@pytest.mark.django_db
def test_a_reason_that_quotes_nothing_stays_with_a_folded_row(client, ada, account):
    case(account, "You bastards", flags=["abuse"], reasons=[["often", "Third post in an hour"]])
    assert "Third post in an hour" in client.get("/desk/").text


@pytest.mark.django_db
def test_a_cry_for_help_is_not_hidden_and_asks_for_care(client, ada, account):
    made = case(account, "I cannot go on", flags=["selfharm"])
    html = client.get(f"/case/{made.pk}/").text
    assert '<details class="fold"' not in html
    assert re.search(r'class="care" id="care">', html)
    assert "Answer with care, never automatically." in html
    assert 'data-care="yes"' in client.get(f"/case/{made.pk}/timeline").text
    calm = client.get(f"/case/{case(account).pk}/").text
    assert re.search(r'class="care" id="care" hidden>', calm)


@pytest.mark.django_db
def test_a_scam_shows_no_live_link(client, ada, account):
    made = case(account, "Free phones at https://scam.example/win", flags=["scam"])
    made.about_post.url = "https://network.example/post/1"
    made.about_post.save()
    html = client.get(f"/case/{made.pk}/").text
    assert "Looks like a scam: no link is shown" in html
    assert not re.search(r'href="https?://(scam|network)\.example', html)


# ── the judges ────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_desk_that_has_judged_nothing_says_so_everywhere(client, ada):
    told = words(client.get("/judgement/").text)
    for says in (
        "It has judged nothing yet.", "Nobody has dealt with a judged post in that time",
        "Nobody has corrected a verdict yet", "None has been made yet.", "There is no topic yet",
    ):  # fmt: skip
        assert says in told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("careful", "says"),
    [(True, "2 posts wait for a second look."), (False, "Is switched off")],
)
def test_it_says_which_judge_runs_and_what_waits(client, ada, account, settings, careful, says):
    settings.CAREFUL = careful
    for _ in range(2):
        post = case(account, judge="fast-7").about_post
        Look.objects.create(post=post, asked_at=now(), because="unsure")
    told = words(client.get("/judgement/").text)
    assert says in told
    assert "The newest verdict is by fast-7" in told


@pytest.mark.django_db
def test_agreement_is_told_from_fifty_posts_on(client, ada, account):
    posts = [case(account).about_post_id for _ in range(49)]
    for post in posts[:5]:
        correct(client, post, tone="5")
    told = words(client.get("/judgement/").text)
    assert "5 of 50 posts" in told
    for post in posts[5:]:
        correct(client, post, kind="question")
    more = case(account).about_post_id
    correct(client, more, kind="request")
    told = words(client.get("/judgement/").text)
    assert "90% 5 of 50 corrected" in told
    assert "10% 45 of 50 corrected" in told


@pytest.mark.django_db
def test_the_latest_corrections_say_who_what_and_why(client, ada, account):
    post = case(account).about_post_id
    correct(client, post, tone="5", why="In capitals")
    html = client.get("/judgement/").text
    assert "Annoyed became → Furious" in words(html)
    assert "Ada Lund" in html
    assert "“In capitals”" in html
    assert f'href="/judgement/posts/{post}/"' in html


def layer(base="fast-7", live=False, **figures):
    made = keep_layer(base=base, weights=b"w", figures=figures, note="", now=now())
    if live:
        go_live(layer_id=made, now=now())
    return made


@pytest.mark.django_db
def test_layers_show_their_figures_and_which_is_live(client, lead):
    first, second = layer(live=True), layer(live=True)
    refused = layer(tone={"before": 0.7123, "after": 0.7}, lessons=120)
    told = words(client.get("/judgement/").text)
    assert f"Layer {second} judges since" in told
    assert "tone, before 0.712" in told
    assert "lessons 120" in told
    assert f"Layer {refused} Was not let in" in told
    assert f"Layer {first} judges again from the next post on." in told


@pytest.mark.django_db
def test_a_lead_rolls_back_what_they_saw_live(client, lead):
    first, second = layer(live=True), layer(live=True)
    answer = client.post("/judgement/layers/roll-back/", {"layer": second}, headers={"X-Desk": "1"})
    assert answer.json()["says"] == f"Layer {first} judges again."
    again = client.post("/judgement/layers/roll-back/", {"layer": second}, headers={"X-Desk": "1"})
    assert again.status_code == 409
    assert Layer.objects.get(live=True).pk == first
    last = client.post("/judgement/layers/roll-back/", {"layer": first}, headers={"X-Desk": "1"})
    assert last.json()["says"] == "No layer of yours is live any more."


@pytest.mark.django_db
def test_what_leads_do_is_theirs(client, ada):
    made, topic = layer(live=True), Topic.objects.create(name="Billing")
    html = client.get("/judgement/").text
    assert "Roll back" not in html
    assert "Add a topic" not in html
    for path, fields in {
        "layers/roll-back/": {"layer": made}, "topics/": {"name": "x"},
        f"topics/{topic.pk}/change/": {"name": "x"}, f"topics/{topic.pk}/remove/": {},
    }.items():  # fmt: skip
        assert client.post(f"/judgement/{path}", fields).status_code == 403
    assert Topic.objects.get().name == "Billing"
    assert Layer.objects.get().live


@pytest.mark.django_db
def test_topics_are_added_renamed_and_removed_as_a_tree(client, lead):
    client.post("/judgement/topics/", {"name": " Billing  matters ", "words": "bill, charged\nfee"})
    top = Topic.objects.get()
    assert (top.name, top.words) == ("Billing matters", ["bill", "charged", "fee"])
    client.post("/judgement/topics/", {"name": "Refunds", "parent": top.pk})
    below = Topic.objects.get(name="Refunds")
    assert below.parent_id == top.pk
    html = client.get("/judgement/").text
    assert html.index("Billing matters</b>") < html.index("Refunds</b>")
    assert re.search(rf'id="topic-{below.pk}" style="--depth:1"', html)
    client.post(f"/judgement/topics/{below.pk}/change/", {"name": "Money back", "words": "refund"})
    client.post(f"/judgement/topics/{top.pk}/remove/")
    left = Topic.objects.get()
    assert (left.name, left.parent_id, left.words) == ("Money back", None, ["refund"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "Billing"}, "in the same place already"),
        ({"name": "x", "words": "w" * 61}, "60 characters"),
        ({"name": "x", "parent": "4711"}, "not there any more"),
    ],
)
def test_a_topic_that_cannot_be_is_refused_in_words(client, lead, fields, says):
    Topic.objects.create(name="Billing")
    answer = client.post("/judgement/topics/", fields, headers={"X-Desk": "1"})
    assert answer.status_code == 422
    assert says in answer.json()["why"][0]


@pytest.mark.django_db
def test_a_topic_can_be_given_to_a_post(client, ada, account):
    topic = Topic.objects.create(name="Billing")
    made = case(account)
    answer = correct(client, made.about_post_id, topic=str(topic.pk))
    assert answer.json()["says"] == "Corrected: topic is Billing."
    assert "Topic Billing decided by a person" in why(client, made)


@pytest.mark.django_db
def test_the_page_stands_in_the_navigation(client, ada):
    assert 'href="/judgement/"' in client.get("/desk/").text
    assert re.search(r'href="/judgement/" aria-current="page"', client.get("/judgement/").text)
