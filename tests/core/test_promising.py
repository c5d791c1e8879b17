"""Promises in what is about to be said. The sentences are our own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.promising import MOST, find

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
"""A Tuesday, ten in the morning in Berlin."""

PROMISED = {
    "en": [
        ("We will come back to you by Friday.", "11-27 18:00"),
        ("We'll come back to you by Friday.", "11-27 18:00"),
        ("We’ll get this fixed tomorrow.", "11-25 18:00"),
        ("I'll call you tomorrow morning.", "11-25 12:00"),
        ("I will call you tomorrow at 15:00.", "11-25 15:00"),
        ("I'll ring you at 3 pm.", "11-24 15:00"),
        ("I'll ring you at 9 am.", "11-25 09:00"),
        ("You will hear from us within 24 hours.", "11-25 10:00"),
        ("You'll have an answer in two days.", "11-26 18:00"),
        ("Your refund will be on your account within 3 to 5 working days.", "12-01 18:00"),
        ("By Friday our delivery team will call you.", "11-27 18:00"),
        ("Tomorrow we will send somebody.", "11-25 18:00"),
        ("We are sending a new one this afternoon.", "11-24 18:00"),
        ("We’re going to repair the line by the end of the week.", "11-27 18:00"),
        ("We promise an answer by end of day.", "11-24 18:00"),
        ("We aim to have this done next week.", "12-04 18:00"),
        ("You can expect our letter on 3 December.", "12-03 18:00"),
        ("Expect an update by December 3rd.", "12-03 18:00"),
        ("Our engineer will be with you on Thursday between breakfast and noon.", "11-26 18:00"),
        ("We will write to you on 2026-12-01.", "12-01 18:00"),
        ("The parcel will reach you by 30/11.", "11-30 18:00"),
        ("Let me check this and come back to you today.", "11-24 18:00"),
        ("It should be working again by noon.", "11-24 12:00"),
        ("We will know more in half an hour.", "11-24 10:30"),
        ("I'll be in touch within the hour.", "11-24 11:00"),
        ("We will reply tonight.", "11-24 22:00"),
        ("We will be back in touch on Friday afternoon.", "11-27 18:00"),
        ("The cell will be repaired by Monday next week.", "11-30 18:00"),
        ("We will do this by the 28th.", "11-28 18:00"),
        ("Sorry about Monday. We will ship it on Wed.", "11-25 18:00"),
        ("Sorry, Jo: we'll look at it, and we will answer by 5 today.", "11-24 17:00"),
        ("We'll refund you by the end of the month.", "11-30 18:00"),
        ("WE WILL CALL YOU TOMORROW!", "11-25 18:00"),
        ("Dear Jo, thanks. We will call you the day after tomorrow. ^AB", "11-26 18:00"),
        ("A colleague will look at your bill over the next 48 hours.", "11-26 10:00"),
        ("We hope to have news in a couple of hours.", "11-24 12:00"),
        ("Do not worry, we will call you tomorrow.", "11-25 18:00"),
        ("We get back to you on Friday by 10:30.", "11-27 10:30"),
    ],
    "de": [
        ("Wir melden uns bis Freitag.", "11-27 18:00"),
        ("Bis Freitag melden wir uns bei Ihnen.", "11-27 18:00"),
        ("Ich melde mich morgen früh.", "11-25 12:00"),
        ("Wir rufen Sie heute Nachmittag an.", "11-24 18:00"),
        ("Wir werden das innerhalb von 2 Tagen klären.", "11-26 18:00"),
        ("Sie bekommen innerhalb von 24 Stunden eine Antwort.", "11-25 10:00"),
        ("Das wird bis morgen um 12 Uhr behoben.", "11-25 12:00"),
        ("Ihre Erstattung wird binnen drei Werktagen überwiesen.", "11-27 18:00"),
        ("Morgen schicken wir Ihnen ein neues Gerät.", "11-25 18:00"),
        ("Unser Techniker kommt, und wir melden uns übermorgen.", "11-26 18:00"),
        ("Wir prüfen das und geben Ihnen bis Ende der Woche Bescheid.", "11-27 18:00"),
        ("Ich kümmere mich heute noch darum.", "11-24 18:00"),
        ("Am 3. Dezember liefern wir.", "12-03 18:00"),
        ("Wir liefern am 03.12.", "12-03 18:00"),
        ("Wir liefern bis zum 03.12.2026.", "12-03 18:00"),
        ("Du hörst spätestens am Montag von uns.", "11-30 18:00"),
        ("Wir antworten Ihnen nächste Woche.", "12-04 18:00"),
        ("Die Störung sollte bis 14:30 Uhr vorbei sein, wir informieren Sie dann.", "11-24 14:30"),
        ("Ihr Paket ist morgen bei Ihnen.", "11-25 18:00"),
        ("Wir versprechen Ihnen eine Lösung in einer Woche.", "12-01 18:00"),
        ("Freitagnachmittag rufe ich an.", "11-27 18:00"),
        ("Keine Sorge: wir erstatten den Betrag in den nächsten 5 Tagen.", "11-29 18:00"),
        ("Das Team meldet sich heute Abend.", "11-24 22:00"),
        ("Erhalten werden Sie die Karte bis zum 30.11.", "11-30 18:00"),
        ("Wir halten Sie auf dem Laufenden und schreiben Ihnen bis Feierabend.", "11-24 18:00"),
        ("In einer halben Stunde wissen wir mehr und melden uns.", "11-24 10:30"),
    ],
    "es": [
        ("Le llamaremos antes del viernes.", "11-27 18:00"),
        ("Mañana le llamamos.", "11-25 18:00"),
        ("Te escribiremos mañana por la mañana.", "11-25 12:00"),
        ("Le responderemos en un plazo de 24 horas.", "11-25 10:00"),
        ("Vamos a enviarle otro aparato esta tarde.", "11-24 18:00"),
        ("Recibirá su reembolso dentro de 3 días.", "11-27 18:00"),
        ("Su pedido llegará el 3 de diciembre.", "12-03 18:00"),
        ("Lo tendrá en dos días hábiles.", "11-26 18:00"),
        ("Hoy mismo le enviamos la factura.", "11-24 18:00"),
        ("Nos pondremos en contacto con usted la próxima semana.", "12-04 18:00"),
        ("El técnico pasará el jueves a las 10:30.", "11-26 10:30"),
        ("Pasado mañana estará resuelto.", "11-26 18:00"),
        ("Lo miraré y le diré algo antes de las 17:00.", "11-24 17:00"),
        ("Esperamos tener una solución el lunes.", "11-30 18:00"),
        ("No se preocupe, le llamaremos mañana.", "11-25 18:00"),
        ("Te aviso mañana al mediodía.", "11-25 12:00"),
        ("Se lo enviaré esta noche.", "11-24 22:00"),
        ("Le devolveremos el importe a finales de mes.", "11-30 18:00"),
    ],
    "fr": [
        ("Nous vous répondrons d’ici vendredi.", "11-27 18:00"),
        ("D'ici vendredi, nous vous rappellerons.", "11-27 18:00"),
        ("Nous vous rappelons demain.", "11-25 18:00"),
        ("Je vous rappelle demain matin.", "11-25 12:00"),
        ("Vous recevrez une réponse sous 48 h.", "11-26 10:00"),
        ("Nous allons vous envoyer un nouveau colis cet après-midi.", "11-24 18:00"),
        ("Vous aurez de nos nouvelles dans les 24 heures.", "11-25 10:00"),
        ("Le remboursement sera effectué dans un délai de 3 jours ouvrés.", "11-27 18:00"),
        ("Le technicien passera jeudi à 15h30.", "11-26 15:30"),
        ("Je m’en occupe et je reviens vers vous ce soir.", "11-24 22:00"),
        ("Votre colis arrivera le 3 décembre.", "12-03 18:00"),
        ("Votre colis arrivera le 1er décembre.", "12-01 18:00"),
        ("Après-demain, nous vous écrirons.", "11-26 18:00"),
        ("Nous vous contacterons la semaine prochaine.", "12-04 18:00"),
        ("Nous nous engageons à répondre aujourd'hui.", "11-24 18:00"),
        ("On va vous rappeler demain à midi.", "11-25 12:00"),
        ("Je vous enverrai la facture avant le 30/11.", "11-30 18:00"),
        ("Comptez sur nous pour une réponse avant la fin de la semaine.", "11-27 18:00"),
    ],
}  # fmt: skip

NOT_PROMISED = [
    "Your parcel came on Friday.",
    "Your parcel came on Friday and we will look into it.",
    "You wrote to us on Monday.",
    "We will look into why nobody came on Friday.",
    "We will look into it as soon as we can.",
    "We will be closed on Friday.",
    "Our shop will open at 10:00 tomorrow.",
    "The offer will expire on Friday.",
    "Could you send us a photo by Friday?",
    "Can we call you tomorrow at 15:00?",
    "Please send us the number by Friday.",
    "You will need to send it back by Friday.",
    "Please let us know by Friday.",
    "We will not be able to answer by Friday.",
    "We can't promise an answer by Friday.",
    "We will refund you if it does not arrive by Friday.",
    "We are here for you 24/7.",
    "We will be there for you 24/7.",
    "We are here until 18:00.",
    "We will keep it for you until Friday.",
    "We will look at your order of 3 March.",
    "We will check the bill from Monday.",
    "Happy Friday!",
    "Have a nice day tomorrow.",
    "We will replace part 12.40.7 for you.",
    "I will take this up with our team.",
    "Thanks, we will pass it on.",
    "Yesterday was a bad day and we are sorry.",
    "It rained this morning.",
    "We expect you to send it back by Friday.",
    "Will it be there by Friday?",
    "",
    "Tomorrow.",
    "We will answer on the 31st of February.",
    "Ihr Paket kam am Freitag an.",
    "Ihr Paket ist am Freitag bei Ihnen angekommen.",
    "Guten Morgen, wir kümmern uns darum.",
    "Wir melden uns, sobald wir mehr wissen.",
    "Wir sind bis 18 Uhr für Sie da.",
    "Wir haben am Freitag geschlossen.",
    "Wir werden am Freitag nicht liefern.",
    "Können wir Sie morgen anrufen?",
    "Bitte schicken Sie uns das Foto bis Freitag.",
    "Sie haben uns am Montag geschrieben.",
    "Wir prüfen Ihre Rechnung vom 3. März.",
    "Wir prüfen, warum am Freitag niemand kam.",
    "Seit Freitag werden keine Pakete verschickt.",
    "Haben Sie das Paket morgen noch nicht bekommen?",
    "Schönen Freitag noch!",
    "Su paquete llegó el viernes.",
    "Estaremos cerrados el viernes.",
    "No podremos responder antes del viernes.",
    "¿Podemos llamarle mañana?",
    "Envíenos la foto antes del viernes, por favor.",
    "Usted tendrá que enviarlo antes del viernes.",
    "Miré su caso el lunes.",
    "Le llamaremos lo antes posible.",
    "Estamos aquí hasta las 18:00.",
    "Buenos días, lo revisaremos.",
    "Compré esto el viernes.",
    "Votre colis est arrivé vendredi.",
    "Nous ne pourrons pas répondre avant vendredi.",
    "Nous fermerons vendredi.",
    "Pouvons-nous vous appeler demain ?",
    "Envoyez-nous la photo avant vendredi, s’il vous plaît.",
    "Nous vous répondrons dès que possible.",
    "Vous nous avez écrit lundi.",
    "Nous sommes là jusqu'à 18 h.",
    "Nous regarderons votre facture du 3 mars.",
    "Bonne journée et à demain !",
]


def local(sentence, now=NOW, zone=BERLIN):
    return [f"{f.due.astimezone(zone):%m-%d %H:%M}" for f in find(sentence, now=now, zone=zone)]


CASES = [(lang, *pair) for lang, pairs in PROMISED.items() for pair in pairs]


def test_there_are_enough_examples():
    assert len(CASES) + len(NOT_PROMISED) >= 120


@pytest.mark.parametrize(("lang", "sentence", "due"), CASES, ids=[c[1] for c in CASES])
def test_a_promise_is_found_with_its_time(lang, sentence, due):
    assert local(sentence) == [due]
    assert find(sentence, now=NOW, zone=BERLIN)[0].lang == lang


@pytest.mark.parametrize("sentence", NOT_PROMISED)
def test_what_promises_nothing_is_left_alone(sentence):
    assert local(sentence) == []


def test_a_promise_is_found_where_it_stands_among_other_sentences():
    text = "Hi Jo,\n\nsorry for that. We will call you on Friday. Wir melden uns morgen.  ^AB"
    found = find(text, now=NOW, zone=BERLIN)
    assert [text[f.start : f.stop] for f in found] == [
        "We will call you on Friday.", "Wir melden uns morgen.",
    ]  # fmt: skip


def test_the_day_that_is_meant_is_that_of_the_agent():
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # half past eleven at night in Berlin
    auckland = ZoneInfo("Pacific/Auckland")
    assert local("We will call you tomorrow.", late) == ["11-25 18:00"]
    assert local("We will call you tomorrow.", late, auckland) == ["11-26 18:00"]


def test_today_goes_on_until_midnight_where_the_office_is_closed():
    assert local("We'll call you today.", NOW + timedelta(hours=9)) == ["11-25 00:00"]


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("We will call you at 09:30.", ["11-25 09:30"]),  # that hour is over for today
        ("We will call you today at 09:30.", []),
        ("We will send it this morning.", ["11-24 12:00"]),
        ("We will call on Tuesday.", ["12-01 18:00"]),  # today would be called today
        ("We will look at the bill 23 November.", []),  # rather the one of yesterday
        ("We will ship it on 3 January.", ["01-03 18:00"]),
        ("We will ship it by the 5th.", ["12-05 18:00"]),
    ],
)
def test_a_time_that_is_over_is_not_promised(sentence, due):
    assert local(sentence) == due


def test_an_hour_that_the_clock_skips_is_the_one_after_the_change():
    night = datetime(2026, 3, 28, 20, tzinfo=UTC)
    assert local("We will call you tomorrow at 02:30.", night) == ["03-29 03:30"]


def test_a_long_text_tells_no_more_promises_than_anybody_reads():
    assert len(find("We will call you tomorrow. " * 50, now=NOW, zone=BERLIN)) == MOST


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo",
     "Pacific/Kiritimati", "America/Sao_Paulo", "Asia/Kathmandu"]
).map(ZoneInfo)  # fmt: skip
TIMES = st.integers(0, 60 * 365 * 24 * 60).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
BOUND_TO_AN_HOUR = re.compile("heute (Nachm|Ab)|by 5 today|noon")
"""Over for today at some time of it."""
SENTENCES = [sentence for _, sentence, _ in CASES]


@given(st.lists(st.sampled_from(SENTENCES + NOT_PROMISED), max_size=6), TIMES, ZONES)
def test_whenever_and_wherever_it_is_said_it_is_due_later_and_stands_in_the_text(said, now, zone):
    text = " ".join(said)
    end = 0
    for found in find(text, now=now, zone=zone):
        assert found.due > now
        assert found.due.utcoffset() == timedelta()
        assert found.due - now < timedelta(days=400)
        assert end <= found.start < found.stop <= len(text)
        assert text[found.start : found.stop] == text[found.start : found.stop].strip()
        end = found.stop


@given(st.sampled_from(SENTENCES), TIMES, ZONES)
def test_what_is_said_without_a_date_is_a_promise_on_any_day(sentence, now, zone):
    if not any(c.isdigit() for c in sentence) and not BOUND_TO_AN_HOUR.search(sentence):
        assert find(sentence, now=now, zone=zone)


@given(
    st.text(st.sampled_from("wil bymorgendáé ñ:.,/-0129Fratgé'’\n?\0İß"), max_size=200),
    TIMES,
    ZONES,
)
def test_any_text_is_read(text, now, zone):
    for found in find("we will " + text, now=now, zone=zone):
        assert found.due > now
