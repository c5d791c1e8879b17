"""What the judge says of posts that customers of Northwind Mobile might write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sanderling.core.facts import Facts
from sanderling.core.judging import judge
from sanderling.core.network import Room
from sanderling.core.verdict import Kind, Tone, Urgency, Verdict

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def verdict(text: str, *, to_us: bool = True, room: Room = Room.PUBLIC, **facts) -> Verdict:
    [found] = judge([Facts(text=text, room=room, created_at=NOON, to_us=to_us, **facts)])
    return found


def said(found: Verdict) -> str:
    return " | ".join(reason.says for reason in found.reasons)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("@NorthwindCare my internet has stopped working since the storm", Kind.COMPLAINT),
        ("@NorthwindCare still waiting for the technician, day three", Kind.COMPLAINT),
        ("@NorthwindCare mein Internet geht nicht und niemand hilft", Kind.COMPLAINT),
        ("@NorthwindCare llevo tres días sin internet y nadie contesta", Kind.COMPLAINT),
        ("@NorthwindCare toujours pas de réseau à Lyon, c'est inadmissible", Kind.COMPLAINT),
        ("@NorthwindCare a minha internet não funciona, que vergonha", Kind.COMPLAINT),
        ("@NorthwindCare mijn telefoon heeft nog steeds geen bereik", Kind.COMPLAINT),
        ("@NorthwindCare la linea non funziona da giorni, vergogna", Kind.COMPLAINT),
        ("@NorthwindCare how do I change my tariff?", Kind.QUESTION),
        ("@NorthwindCare what are your opening hours in Leeds", Kind.QUESTION),
        ("@NorthwindCare wann kommt der neue Tarif", Kind.QUESTION),
        ("@NorthwindCare ¿cuándo vuelve la promoción?", Kind.QUESTION),
        ("@NorthwindCare 5G in Malmö ?", Kind.QUESTION),
        ("@NorthwindCare please send me the puk for my tablet", Kind.REQUEST),
        ("@NorthwindCare ich bräuchte eine zweite SIM", Kind.REQUEST),
        ("@NorthwindCare necesito una factura a nombre de mi empresa", Kind.REQUEST),
        ("@NorthwindCare what a great team you are, the shop in Bath was lovely", Kind.PRAISE),
        ("@NorthwindCare super Service heute im Laden, großes Lob", Kind.PRAISE),
        ("@NorthwindCare excelente atención en la tienda de Vigo", Kind.PRAISE),
        ("Make easy money from home, click here https://win.example", Kind.SPAM),
        ("@NorthwindCare on the train to Aberdeen with my cousin", Kind.OTHER),
    ],
)
def test_a_post_to_us_is_of_its_kind(text, kind):
    assert verdict(text).kind is kind


def test_a_negation_turns_praise_into_a_complaint():
    assert verdict("@NorthwindCare I am happy with the new router").kind is Kind.PRAISE
    unhappy = verdict("@NorthwindCare I am really not very happy with the new router")
    assert unhappy.kind is Kind.COMPLAINT
    assert "“not … very happy”" in said(unhappy)


def test_praise_with_trouble_after_it_is_mockery():
    mocked = verdict("Great job @NorthwindCare, no internet AGAIN")
    assert mocked.kind is Kind.COMPLAINT
    assert mocked.tone >= Tone.ANNOYED
    assert "Sounds mocking: “great job”" in said(mocked)


def test_a_solved_complaint_is_praise_and_no_mockery():
    assert verdict("@NorthwindCare thanks for resolving my complaint").kind is Kind.PRAISE


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("@NorthwindCare the new app is lovely", Tone.GLAD),
        ("@NorthwindCare how much is the family plan?", Tone.CALM),
        ("@NorthwindCare my voicemail is not working", Tone.UNEASY),
        ("@NorthwindCare no signal, no answer, still waiting", Tone.ANNOYED),
        ("@NorthwindCare the worst service ever, I am furious", Tone.FURIOUS),
        ("@NorthwindCare what a shameful way to treat people", Tone.ANGRY),
    ],
)
def test_the_tone_runs_from_glad_to_furious(text, tone):
    assert verdict(text).tone is tone


def test_shouting_makes_the_same_words_angrier():
    quiet = verdict("@NorthwindCare no signal here, this is a scam")
    loud = verdict("@NorthwindCare NO SIGNAL HERE, THIS IS A SCAM")
    assert loud.tone > quiet.tone
    assert "Shouting: 4 words in capitals" in said(loud)


def test_a_name_in_capitals_is_no_shouting():
    assert "Shouting" not in said(verdict("@NORTHWIND @CARE @TEAM @HELP my line is broken"))


def test_exclamation_marks_make_the_same_words_angrier():
    heated = "@NorthwindCare no signal, no answer, fed up, what a joke"
    assert verdict(heated + "!!!").tone >= verdict(heated).tone
    assert verdict("@NorthwindCare 😡 no signal!!!").tone > verdict("@NorthwindCare no signal").tone


@pytest.mark.parametrize(
    ("text", "urgency", "says"),
    [
        ("My Northwind router caught fire", Urgency.CRITICAL, "caught fire"),
        ("I cannot make emergency calls since this morning", Urgency.CRITICAL, "emergency calls"),
        ("Der Akku raucht!", Urgency.CRITICAL, "raucht"),
        ("I want to make a formal complaint", Urgency.HIGH, "formal complaint"),
        ("My lawyer will hear of this", Urgency.HIGH, "lawyer"),
        ("someone hacked into my contract", Urgency.HIGH, "hacked"),
        ("I lost my phone, please block it", Urgency.HIGH, "lost my phone"),
        ("we are stuck at the airport without roaming", Urgency.HIGH, "stuck at the airport"),
        ("I shall tell a journalist", Urgency.HIGH, "journalist"),
        ("cancel my contract", Urgency.HIGH, "cancel my contract"),
        ("my grandmother cannot reach anyone", Urgency.HIGH, "my grandmother"),
        ("Ich kündige", Urgency.HIGH, "kündige"),
        ("me robaron el móvil ayer", Urgency.HIGH, "me robaron el móvil"),
        ("why is the app slow today", Urgency.NORMAL, "slow"),
    ],
)
def test_what_cannot_wait_is_seen_and_quoted(text, urgency, says):
    found = verdict(text)
    assert found.needs_us
    assert found.urgency is urgency
    assert f"“{says}”" in said(found)


def test_reach_makes_a_complaint_urgent_and_is_named():
    complaint = "@NorthwindCare my voicemail is not working"
    assert verdict(complaint, followers=9_999).urgency is Urgency.NORMAL
    wide = verdict(complaint, followers=96_400)
    assert wide.urgency is Urgency.HIGH
    assert "96,400 followers" in said(wide)


def test_an_angry_post_of_vast_reach_is_critical():
    angry = "@NorthwindCare you are thieves"
    assert verdict(angry).urgency is Urgency.HIGH
    assert verdict(angry, followers=100_000).urgency is Urgency.CRITICAL


def test_praise_to_us_is_answered_without_hurry_and_overheard_praise_is_left():
    praise = "what a great team Northwind has"
    answered = verdict(praise, followers=500_000)
    assert (answered.needs_us, answered.urgency) == (True, Urgency.LOW)
    assert not verdict(praise, to_us=False).needs_us


@pytest.mark.parametrize(
    "text",
    ["thanks!", "ok done, thank you so much", "Danke, hat geklappt", "listo, gracias", "👍",
     "Good morning everyone 😊", "@NorthwindCare"],
)  # fmt: skip
def test_closing_words_and_small_talk_need_nobody(text):
    assert not verdict(text).needs_us


@pytest.mark.parametrize(
    ("text", "needs_us"),
    [("hi", True), ("8812 4410 is the number", True), ("thanks, all good", False), ("", True)],
)
def test_a_direct_message_needs_us_unless_it_only_closes(text, needs_us):
    found = verdict(text, to_us=False, room=Room.DIRECT)
    assert found.needs_us is needs_us


def test_advertising_needs_nobody_even_by_direct_message():
    text = "Buy followers now, click the link https://win.example"
    for room in Room:
        found = verdict(text, room=room)
        assert (found.kind, found.needs_us) == (Kind.SPAM, False)
        assert "Looks like advertising" in said(found)


def test_a_customer_who_names_what_advertisers_name_is_heard():
    assert verdict("@NorthwindCare my promo code for the giveaway is not working").needs_us


def test_an_automated_post_needs_nobody_unless_it_is_a_direct_message():
    text = "Northwind status: no signal in Bath"
    assert not verdict(text, automated=True).needs_us
    assert verdict(text, automated=True, room=Room.DIRECT).needs_us


@pytest.mark.parametrize(
    ("text", "needs_us"),
    [
        ("Northwind Mobile is the worst, no signal again", True),
        ("Does anyone know when will Northwind come to Crete?", True),
        ("my Northwind phone exploded, not working any more", True),
        ("I have a Northwind phone now", False),
        ("I wonder when summer comes to Northwind land", False),
        ("bit slow today, the Northwind", False),
    ],
)
def test_what_is_only_heard_needs_us_if_it_is_clear(text, needs_us):
    assert verdict(text, to_us=False).needs_us is needs_us


def test_an_unclear_post_to_us_is_not_left_standing():
    found = verdict("@NorthwindCare the one with the green light on the left")
    assert found.needs_us
    assert said(found) == "Written to us; the rules cannot tell what it is"


def test_a_post_to_us_that_the_rules_cannot_read_is_not_left_standing():
    found = verdict("@NorthwindCare つながらない")
    assert (found.needs_us, found.lang) == (True, "ja")
    assert "cannot read" in said(found)


def test_a_photo_to_us_without_words_is_looked_at():
    assert verdict("@NorthwindCare", has_media=True).needs_us


def test_words_in_names_and_links_are_not_the_customers():
    found = verdict("@worst_scam_ever https://broken.example/terrible-scam my sister lives there")
    assert (found.kind, found.tone) == (Kind.OTHER, Tone.CALM)


@pytest.mark.parametrize(
    "text",
    [
        "@NorthwindCare the app logs me out whenever I open a letter",
        "@NorthwindCare I cancelled in spring and you keep charging me",
        "@NorthwindCare my parcel has disappeared somewhere in Dover",
        "@NorthwindCare on Tuesday nobody came to read the meter",
        "@NorthwindCare seit Sonntag ohne Strom und kein Wort davon",
        "@NorthwindCare der Drucker lässt sich nicht einrichten",
        "@NorthwindCare die Technikerin sollte am Montag hier sein. Niemand kam.",
        "@NorthwindCare ihr bucht trotz Kündigung weiter ab",
        "@NorthwindCare dos veces este mes el mismo recibo",
        "@NorthwindCare el técnico no vino el lunes",
        "@NorthwindCare la tele no se conecta con nada",
        "@NorthwindCare aucune nouvelle du colis",
    ],
)
def test_a_fault_told_in_plain_words_is_a_complaint_and_never_calm(text):
    found = verdict(text)
    assert (found.kind, found.needs_us) == (Kind.COMPLAINT, True)
    assert found.tone >= Tone.UNEASY


@pytest.mark.parametrize(
    "text",
    [
        "@NorthwindCare how long does a refill take?",
        "How long will the shop be open on Sunday, @NorthwindCare?",
        "@NorthwindCare who can I ask about insurance? Thanks",
        "@NorthwindCare wie lange gilt die Gutschrift? Danke!",
        "@NorthwindCare ¿cuánto tiempo tarda un traslado? Gracias",
        "@NorthwindCare where may I park, thank you?",
        "@NorthwindCare can I pay the bill without a card?",
    ],
)
def test_a_question_is_no_complaint_and_its_polite_thanks_are_calm(text):
    assert (verdict(text).kind, verdict(text).tone) == (Kind.QUESTION, Tone.CALM)


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("@NorthwindCare but still the lift is broken again", "“broken”"),
        ("@NorthwindCare aber die Tür ist schon wieder kaputt", "“kaputt”"),
        ("@NorthwindCare pero el ascensor sigue roto", "“roto”"),
        ("@NorthwindCare since June you are late, late, and rude", "“rude”"),
        ("@NorthwindCare no heating for nine days", "“for nine days”"),
        ("@NorthwindCare no heating for 13 days", "“for 13 days”"),
    ],
)
def test_a_reason_quotes_the_telling_words(text, telling):
    assert telling in said(verdict(text))


def test_small_words_that_add_up_are_not_quoted():
    found = verdict("@NorthwindCare but I have been trying to pay since May")
    assert found.kind is Kind.COMPLAINT
    assert said(found).startswith("Several small signs of trouble")


def test_a_second_clear_sign_is_quoted_and_a_slight_one_left_out():
    assert "Says “broken”, “dirty”" in said(verdict("@NorthwindCare dirty seats and broken taps"))
    assert said(verdict("@NorthwindCare eine Frechheit ist das")).count("frechheit") == 1
    assert "Says “broken” |" in said(verdict("@NorthwindCare broken taps, 9 days ago"))


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("the lift is broken", "the lift is broken, still no answer"),
        ("the lift is broken", "the lift is broken, third day"),
        ("the lift is broken", "anyone there? the lift is broken"),
        ("der Aufzug ist kaputt", "der Aufzug ist kaputt, zum dritten Mal"),
        ("der Aufzug ist kaputt", "letzter Versuch: der Aufzug ist kaputt"),
        ("el ascensor está roto", "el ascensor está roto y sigo sin respuesta"),
        ("l'ascenseur est en panne", "l'ascenseur est en panne, troisième fois"),
    ],
)
def test_who_asks_again_sounds_more_upset_and_the_reason_says_so(first, again):
    assert verdict(again).tone > verdict(first).tone
    assert "Not for the first time:" in said(verdict(again))
    assert "Not for the first time:" not in said(verdict(first))


@pytest.mark.parametrize(
    ("quiet", "loud"),
    [
        ("the taps are broken, answer.", "the taps are broken, ANSWER."),
        ("die Heizung ist kaputt, antwortet", "die Heizung ist KAPUTT, ANTWORTET"),
        ("qué vergüenza de tienda", "qué VERGÜENZA de tienda"),
    ],
)
def test_a_word_in_capitals_is_heard(quiet, loud):
    assert verdict(loud).tone > verdict(quiet).tone
    assert "Shouting:" in said(verdict(loud))


def test_an_abbreviation_is_no_shouting():
    found = verdict("@NorthwindCare my eSIM, the PDF and the SMS are late, DSL too")
    assert found.kind is Kind.COMPLAINT
    assert "Shouting" not in said(found)


@pytest.mark.parametrize(
    "threat", ["I am switching to another shop", "my lawyer will write", "I shall tell the press"]
)
def test_a_threat_makes_a_complaint_angrier(threat):
    complaint = "@NorthwindCare the taps are broken"
    assert verdict(f"{complaint}, {threat}").tone > verdict(complaint).tone


def test_a_last_try_before_leaving_is_an_angry_complaint():
    found = verdict("@NorthwindCare Last attempt before I leave. REPLY.")
    assert (found.kind, found.urgency) == (Kind.COMPLAINT, Urgency.HIGH)
    assert found.tone >= Tone.ANNOYED
    assert "Wants to leave us: “before i leave”" in said(found)


def test_a_complaint_with_thanks_at_its_end_is_not_glad():
    found = verdict("Waited in all day, nobody came. Thanks @NorthwindCare")
    assert found.kind is Kind.COMPLAINT
    assert found.tone >= Tone.UNEASY
    assert verdict("@NorthwindCare lovely. Anyone there?").tone >= Tone.UNEASY


@pytest.mark.parametrize(
    "text",
    [
        "@NorthwindCare the form is so easy, I filled it in for fun. Slow clap.",
        "@NorthwindCare a lovely waiting room, send help",
    ],
)
def test_a_punchline_after_praise_is_mockery(text):
    found = verdict(text)
    assert (found.kind, found.tone) == (Kind.COMPLAINT, Tone.ANNOYED)
    assert "Sounds mocking:" in said(found)


def test_a_punchline_without_praise_mocks_nothing():
    assert "mocking" not in said(verdict("@NorthwindCare broken lift, send help"))


def test_praise_in_quotation_marks_is_someone_elses():
    assert verdict("@NorthwindCare excellent reception in Hull").kind is Kind.PRAISE
    for marked in ('"excellent"', "„excellent“", "“excellent”", "«excellent»"):
        assert verdict(f"@NorthwindCare {marked} reception in Hull").kind is not Kind.PRAISE


@pytest.mark.parametrize(
    "text",
    ["@NorthwindCare that was all I needed, thank you", "@NorthwindCare danke, dass ihr da seid",
     "@NorthwindCare gracias al chico de Vigo"],
)  # fmt: skip
def test_thanks_and_nothing_else_found_is_praise_that_says_so(text):
    found = verdict(text)
    assert (found.kind, found.tone, found.needs_us) == (Kind.PRAISE, Tone.GLAD, True)


def test_folded_hands_in_a_language_the_rules_cannot_read_are_no_praise():
    found = verdict("@NorthwindCare lütfen yardım edin artık 🙏", lang="tr")
    assert found.kind is Kind.OTHER
    assert "cannot read" in said(found)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("@NorthwindCare emergency calls only in the valley", Urgency.NORMAL),
        ("@NorthwindCare nur Notrufe möglich im Tal", Urgency.NORMAL),
        ("@NorthwindCare I cannot make emergency calls in the valley", Urgency.CRITICAL),
        ("@NorthwindCare wir können keinen Notruf absetzen", Urgency.CRITICAL),
    ],
)
def test_a_phone_that_shows_emergency_calls_only_is_an_outage_and_no_emergency(text, urgency):
    assert verdict(text).urgency is urgency
