"""What letters say, and the letters we send: written by every mail program, and by nobody's."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanderling.core.network import Draft, Post, Refused, Room
from sanderling.networks.mail.access import Access, Server
from sanderling.networks.mail.quoting import written
from sanderling.networks.mail.reading import MOST_TEXT, Letter, read
from sanderling.networks.mail.translate import message_id, to_letter, to_post

RECORDED = Path(__file__).parent / "recorded"
ALL = {path.name: path.read_bytes() for path in RECORDED.iterdir()}
OURS = "care@northwind.example"
AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
SERVER = Server(host="127.0.0.1", port=1, tls="none")
ACCESS = Access(imap=SERVER, smtp=SERVER, sender=OURS, name="Northwind Care")


def letter(name: str) -> Letter:
    return read(ALL[name])


def post(found: Letter, *, sent: bool = False) -> Post:
    return to_post(found, AT, OURS, sent=sent)


def made(body: str = "Hello", **headers: str) -> Letter:
    message = EmailMessage()
    for name, value in {"From": "Ada <ada@home.example>", "To": OURS, **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return read(message.as_bytes())


def test_a_letter_that_begins_a_conversation():
    found = post(letter("new.eml"))
    assert found.text == "Rechnung doppelt – bitte prüfen\n\nIch wurde zweimal belastet."
    assert (found.author.id, found.author.name) == ("mira@home.example", "Mira Öster")
    assert found.counterpart == "mira@home.example"
    assert found.remote_id == found.thread == "CAF-1@mail.home.example"
    assert (found.room, found.reply_to, found.automated) == (Room.DIRECT, None, False)


def test_an_answer_is_its_own_words_under_what_it_answers():
    found = post(letter("answer.eml"))
    assert found.text == "Yes, please send it again.\n\n[attachment: bill May.pdf, 3 kB]"
    assert found.reply_to == "desk.1@northwind.example"
    assert found.thread == "CAF-1@mail.home.example"


def test_an_attachment_without_a_name_is_told_by_its_kind_without_control_signs():
    whole = (
        b"Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type:\x00 image/png\n\nx\n--b--\n"
    )
    assert read(whole).text == "[attachment: image/png, 1 kB]"


def test_a_letter_of_html_only_is_plain_text():
    assert post(letter("html.eml")).text == "Broken\n\nMy router\nis dead & gone.\n\n“Help!”"


def test_a_bounce_is_from_a_machine():
    assert post(letter("bounce.eml")).automated


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.shop.example>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@mx.example"},
        {"From": "Shop <no-reply@shop.example>"},
    ],
)
def test_machines_are_recognised(headers: dict[str, str]):
    assert made(**headers).automated


def test_people_are_not_machines():
    assert not made(Auto_Submitted="no").automated
    assert not made(Precedence="first-class").automated


def test_our_own_address_proves_nothing_but_among_sent_letters():
    form = made(From=f"Website <{OURS}>", Reply_To="Ada <Ada@Home.example>")
    assert post(form).author.id == post(form).counterpart == "ada@home.example"
    forged = made(From=OURS)
    assert post(forged).author.id == "unknown"
    ours = made(From=OURS, To=f"{OURS}, Ada <ADA@home.example>")
    assert post(ours, sent=True).author.id == OURS
    assert post(ours, sent=True).counterpart == "ada@home.example"


def test_a_stranger_cannot_take_the_id_of_what_we_sent():
    ours = message_id("key", OURS)
    forged = made(Message_ID=f"<{ours}>")
    assert post(forged).remote_id != ours
    assert post(forged, sent=True).remote_id == ours


def test_a_name_that_is_another_address_is_no_name():
    assert made(From='"boss@bank.example" <evil@x.example>').sender_name == ""


def test_ids_that_no_one_can_use_are_replaced():
    long = made(Message_ID=f"<{'a' * 900}@x.example>")
    assert long.id.startswith("hash:")
    assert len(long.id) < 100
    assert made("one").id.startswith("none:")
    assert made("one").id == made("one").id != made("two").id


@pytest.mark.parametrize(
    "charset", ["no-such", "zlib", "idna", "punycode", "unicode_escape", "utf-16", "", "\\x00"]
)
def test_a_wrong_character_set_loses_no_plain_words(charset: str):
    raw = (
        f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\nplain words!\r\n"
    )
    if charset != "utf-16":
        assert read(raw.encode()).text == "plain words!"
    raw = "From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n"
    assert read(raw.encode("latin-1")).text == "Grüße"


@pytest.mark.parametrize(
    "piece",
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"X-Head: x\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100,
        b"\r\nOn a day she wrote:\r\n> a\r\n",
    ],
)
def test_letters_built_to_be_slow_are_read_as_far_as_they_go(piece: bytes):
    head = b"From: a@b.example\r\nSubject: deep\r\n"
    found = read(head + piece * (2_000_000 // len(piece)))  # all of it would take minutes
    assert (found.sender, found.subject) == ("a@b.example", "deep")


def test_a_letter_of_many_parts_names_few():
    parts = b"--b\r\nContent-Type: image/png; name=x.png\r\n\r\n.\r\n" * 500
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    assert read(head + parts + b"--b--").text.count("attachment") == 20


@pytest.mark.parametrize(
    "head",
    [
        "On Mon, 2 Mar 2026 at 09:00, Northwind Care <care@northwind.example> wrote:",
        "On Mon, 2 Mar 2026 at 09:00, Northwind Care\n<care@northwind.example> wrote:",
        "Am 02.03.2026 um 09:00 schrieb Northwind Care:",
        "Le lun. 2 mars 2026 à 09:00, Northwind Care a écrit :",
        "El lun, 2 mar 2026 a las 9:00, Northwind Care escribió:",
        "Il giorno lun 2 mar 2026 alle 09:00 Northwind Care ha scritto:",
        "Op ma 2 mrt 2026 om 09:00 schreef Northwind Care:",
        "Em seg., 2 de mar. de 2026 às 09:00, Northwind Care escreveu:",
        "Northwind Care, 2 Mar 2026 Pzt, 09:00 tarihinde şunu yazdı:",
    ],
)
def test_what_was_answered_is_left_out(head: str):
    assert written(f"Thank you!\n\n{head}\n> Your bill\n>\n> is ready\n") == "Thank you!"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Yes\n\n-----Original Message-----\nFrom: Care\nold words", "Yes"),
        ("Ja\n----- Ursprüngliche Nachricht -----\nalt", "Ja"),
        ("Yes\n\n-- \nAda Lovelace\n+44 1", "Yes"),
        ("Yes\n\nSent from my iPhone", "Yes"),
        ("> first?\nyes\n> second?\nno", "> first?\nyes\n> second?\nno"),
        ("He wrote:\nno more", "He wrote:\nno more"),
        ("> only a quote", "> only a quote"),
        ("--\nonly a name", "--\nonly a name"),
        ("On time, she wrote:\nI am late.", "On time, she wrote:\nI am late."),
    ],
)
def test_own_words_stay(text: str, own: str):
    assert written(text) == own


@given(st.text(max_size=500))
def test_own_words_are_some_of_the_words(text: str):
    own = written(text)
    assert bool(own) == bool(text.strip())
    assert own in "\n".join(line.rstrip() for line in text.split("\n")) or own == text.strip()


@st.composite
def tampered(draw: st.DrawFn) -> bytes:
    """A recorded letter with pieces cut out, doubled and replaced."""
    body = bytearray(draw(st.sampled_from(sorted(ALL.values()))))
    pieces = st.sampled_from([b"\r\n", b"\n\n", b"=?utf-8?q?", b"?=", b"<", b">", b'"', b"(", b";"])
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=20) | pieces)
    return bytes(body)


@settings(max_examples=300, deadline=None)
@given(tampered() | st.binary(max_size=300))
def test_whatever_a_letter_is_its_post_is_bounded_and_can_be_answered(content: bytes):
    found = read(content)
    for told in (post(found), post(found, sent=True)):
        assert len(told.text) <= MOST_TEXT
        assert not set(told.text + found.subject + found.sender_name) & {"\x00", "\r", "\x1b"}
        assert "\n" not in found.subject + found.sender_name
        for one in (told.remote_id, told.thread, told.reply_to or "x", told.counterpart):
            assert one
            assert len(one) <= 500
            assert one.isprintable()
        told.text.encode()
    draft = Draft(room=Room.DIRECT, text="Hello", to="ada@home.example", reply_to=found.id)
    content = to_letter(draft, "key", ACCESS, found).as_bytes()
    sent = message_from_bytes(content)
    assert set(sent.keys()) <= HEADERS
    assert len(sent.keys()) == len(set(sent.keys()))


HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"}
HEADERS |= {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
hostile = st.text(max_size=80) | st.sampled_from(
    ["x\r\nBcc: all@x.example", "x\nX: y", "\u2028\x85Bcc: a@b.example", "=?utf-8?q?=0d=0aBcc:_a?="]
)


@settings(max_examples=200, deadline=None)
@given(text=hostile, key=hostile, subject=hostile, before=hostile, name=hostile, chain=hostile)
def test_nothing_written_by_others_becomes_a_header(
    text: str, key: str, subject: str, before: str, name: str, chain: str
):
    asked = Letter(id=before, subject=subject, text="", references=(chain, "one@x.example"))
    access = Access(imap=SERVER, smtp=SERVER, sender=OURS, name=name)
    draft = Draft(room=Room.DIRECT, text=text, to="ada@home.example", reply_to=before)
    content = to_letter(draft, key, access, asked).as_bytes()
    sent = message_from_bytes(content)
    assert set(sent.keys()) <= HEADERS
    assert len(sent.keys()) == len(set(sent.keys()))
    ours = read(content)
    assert ours.id == message_id(key, OURS)
    assert post(ours, sent=True).remote_id == message_id(key, OURS)
    assert (ours.sender, ours.to) == (OURS, ("ada@home.example",))


def test_an_answer_goes_under_the_letter_it_answers():
    asked = letter("answer.eml")
    draft = Draft(
        room=Room.DIRECT, text="Grüße\n.\nCare", to=asked.sender, reply_to=asked.id, at=AT
    )
    content = to_letter(draft, "key", ACCESS, asked).as_bytes()
    sent = message_from_bytes(content)
    assert sent["Subject"].startswith("Re: ")
    assert sent["In-Reply-To"] == f"<{asked.id}>"
    chain = ["CAF-1@mail.home.example", "desk.1@northwind.example", asked.id]
    assert " ".join(sent["References"].split()) == " ".join(f"<{one}>" for one in chain)
    assert sent["Date"] == "Tue, 03 Mar 2026 12:00:00 +0000"
    ours = post(read(content), sent=True)
    assert ours.text == draft.text
    assert (ours.thread, ours.reply_to) == (chain[0], asked.id)


@pytest.mark.parametrize(
    "to", ["", "ada", "a@b.example, c@d.example", "a@b\r\nX: y", "ä@b.example"]
)
def test_only_an_address_is_written_to(to: str):
    with pytest.raises(Refused, match="address"):
        to_letter(Draft(room=Room.DIRECT, text="x", to=to), "key", ACCESS, None)
    with pytest.raises(Refused):
        to_letter(Draft(room=Room.PUBLIC, text="x", to="a@b.example"), "key", ACCESS, None)
