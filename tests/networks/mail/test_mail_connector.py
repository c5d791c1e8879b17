"""A mailbox at a real Dovecot, with SMTP before it: reading, IDLE, sending, and what goes wrong."""

from __future__ import annotations

import imaplib
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from itertools import count
from types import SimpleNamespace

import msgspec
import pytest

from sanderling.core.network import (
    Draft,
    Follows,
    Network,
    NetworkError,
    OutcomeUnknown,
    Page,
    Post,
    Refused,
    Room,
    SignInLost,
    Throttled,
    Unreachable,
)
from sanderling.networks.mail import connector, imap
from sanderling.networks.mail.access import Access, Server, to_access, to_secret
from sanderling.networks.mail.connector import Mail
from sanderling.networks.mail.signin import MailSignIn
from servers.dovecot import PASSWORD, MailServer, dovecot, installed
from servers.kept import Kept
from servers.lineproxy import Both, proxies_before
from servers.proxy import Kind

pytestmark = pytest.mark.skipif(
    not installed(), reason="Dovecot is not installed, or may not be started (root is needed)"
)
NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[MailServer]:
    with dovecot() as server:
        yield server


@pytest.fixture
def ours(server: MailServer) -> str:
    """An empty mailbox of its own for each test."""
    server.handed.answers.clear()
    return f"care{next(NUMBERS)}@northwind.example"


def access(server: MailServer, address: str, password: str = PASSWORD) -> Access:
    def at(port: int) -> Server:
        return Server(host="127.0.0.1", port=port, tls="none", user=address, password=password)

    return Access(imap=at(server.imap), smtp=at(server.smtp), sender=address, name="Care")


def mail(server: MailServer, address: str, **more: str) -> Mail:
    return Mail(address, Kept(to_secret(access(server, address, **more))))


def letter(text: str = "My bill is wrong", **headers: str) -> bytes:
    message = EmailMessage()
    number = next(NUMBERS)
    told = {
        "From": "Ada <Ada@home.example>",
        "Subject": f"Bill {number}",
        "Message-ID": f"<{number}@home.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in told.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def everything(one: Mail, since: str | None = None) -> tuple[list[Post], str | None]:
    posts, more = list[Post](), True
    while more:
        page = one.pull(since)
        posts += page.posts
        since, more = page.cursor or since, page.more
    return posts, since


def flags(server: MailServer, address: str, folder: str = "INBOX") -> str:
    fields = server.doveadm("fetch", "-u", address, "flags", "mailbox", folder, "all")
    return fields.replace("\n", " ")


def draft(to: Post | None = None, text: str = "We look into it.") -> Draft:
    return Draft(
        room=Room.DIRECT,
        text=text,
        to=to.counterpart if to else "ada@home.example",
        reply_to=to.remote_id if to else None,
    )


def test_it_is_a_network_that_follows(server: MailServer, ours: str):
    assert isinstance(mail(server, ours), Network)
    assert isinstance(mail(server, ours), Follows)


def test_letters_are_read_once_and_left_as_they_are(server: MailServer, ours: str):
    one = mail(server, ours)
    posts, cursor = everything(one)
    assert posts == []
    server.deliver(letter(), ours)
    (post,), cursor = everything(one, cursor)
    assert post.text.endswith("My bill is wrong")
    assert post.counterpart == post.author.id == "ada@home.example"
    assert everything(one, cursor)[0] == []
    server.deliver(letter("And again"), ours)
    (again,), _ = everything(one, cursor)
    assert again.text.endswith("And again")
    assert "\\Recent" in flags(server, ours)
    assert "\\Seen" not in flags(server, ours)


def test_a_full_mailbox_comes_page_by_page(server: MailServer, ours: str):
    for number in range(45):
        server.deliver(letter(f"Letter {number}"), ours)
    one = mail(server, ours)
    page = one.pull(None)
    assert len(page.posts) == connector.BATCH
    assert page.more
    posts, _ = everything(one)
    assert [post.text.split()[-1] for post in posts] == [str(number) for number in range(45)]


def test_old_letters_of_a_mailbox_stay_where_they_are(server: MailServer, ours: str):
    with imaplib.IMAP4("127.0.0.1", server.imap) as old:
        old.login(ours, PASSWORD)
        old.append("INBOX", "", '"01-Jan-2020 10:00:00 +0000"', letter("long ago"))
    one = mail(server, ours)
    posts, cursor = everything(one)
    assert posts == []
    server.deliver(letter("today"), ours)
    (post,), _ = everything(one, cursor)
    assert post.text.endswith("today")


def test_a_mailbox_that_was_made_anew_is_read_anew(server: MailServer, ours: str):
    one = mail(server, ours)
    server.deliver(letter(), ours)
    before, cursor = everything(one)
    server.doveadm("mailbox", "update", "--uid-validity", "77", "-u", ours, "INBOX")
    after, cursor = everything(one, cursor)
    assert after == before
    assert everything(one, cursor)[0] == []


def test_a_letter_too_great_is_told_by_its_headers(
    server: MailServer, ours: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imap, "MOST_BYTES", 2000)
    server.deliver(letter("x" * 70 + "\n" * 1 + "y " * 3000), ours)
    (post,), _ = everything(mail(server, ours))
    assert post.text.startswith("Bill")
    assert "too long to show" in post.text
    assert "xxx" not in post.text


def test_following_hears_a_letter_when_it_comes(server: MailServer, ours: str):
    pages = mail(server, ours).follow(None)
    assert [next(pages).posts for _ in range(2)] == [(), ()]  # Sent, and the inbox
    timer = threading.Timer(0.5, server.deliver, (letter("quick"), ours))
    timer.start()
    heard = next(page for page in pages if page.posts)
    assert heard.posts[0].text.endswith("quick")
    assert heard.way == "stream"
    pages.close()  # type: ignore[attr-defined]  # a generator, as the desk closes it
    timer.join()


def test_following_looks_anyway_and_says_since_when_it_was_told(
    server: MailServer, ours: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connector, "LOOK_S", 0.05)
    pages = mail(server, ours).follow(None)
    seen = [next(pages) for _ in range(6)]
    assert [page.live_since is not None for page in seen] == [False] * 3 + [True, False, True]
    assert {page.way for page in seen} == {"poll"}
    pages.close()  # type: ignore[attr-defined]  # as above


def test_a_server_without_idle_is_asked(
    server: MailServer, ours: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connector, "LOOK_S", 0.05)
    monkeypatch.setattr(imap.IMAP4, "has_capability", lambda *_: False)
    pages = mail(server, ours).follow(None)
    next(pages)
    server.deliver(letter("slow"), ours)
    assert next(page for page in pages if page.posts).posts[0].text.endswith("slow")
    pages.close()  # type: ignore[attr-defined]  # as above


def test_a_lost_connection_is_noticed_at_once(server: MailServer, ours: str):
    pages = mail(server, ours).follow(None)
    assert isinstance(next(pages), Page)
    assert isinstance(next(pages), Page)
    timer = threading.Timer(0.5, server.doveadm, ("kick", ours))
    timer.start()
    with pytest.raises(Unreachable):
        next(pages)
    timer.join()


@pytest.fixture
def proxied(server: MailServer) -> Iterator[Both]:
    """Proxies before the mail server."""
    with proxies_before(server.imap, server.smtp) as proxies:
        yield proxies


def behind(proxied: Both, address: str) -> Mail:
    ports = SimpleNamespace(imap=proxied.imap.port, smtp=proxied.smtp.port)
    return Mail(address, Kept(to_secret(access(ports, address))))  # type: ignore[arg-type]  # has both


@pytest.mark.parametrize("kind", ["cut before", "cut after"])
@pytest.mark.parametrize("on", ["CAPABILITY", "LOGIN", "LIST", "EXAMINE", "SEARCH", "FETCH"])
def test_a_line_that_is_cut_is_noticed_by_its_end_and_not_by_its_silence(
    server: MailServer, ours: str, proxied: Both, kind: Kind, on: str
):
    server.deliver(letter(), ours)
    proxied.imap.let(kind, on, times=1)
    with pytest.raises(Unreachable, match="broke off"):
        behind(proxied, ours).pull(None)
    assert proxied.done == {kind: 1}


@pytest.mark.parametrize("on", ["CAPABILITY", "LOGIN", "LIST", "EXAMINE", "SEARCH", "FETCH"])
def test_a_command_that_is_refused_for_now_is_done_later(
    server: MailServer, ours: str, proxied: Both, on: str
):
    server.deliver(letter(), ours)
    one = behind(proxied, ours)
    proxied.imap.let("answer", on, times=1)
    with pytest.raises((Unreachable, Throttled)) as caught:
        one.pull(None)
    assert type(caught.value) is (Unreachable if on == "CAPABILITY" else Throttled)
    assert "does not answer" not in str(caught.value)
    assert len(everything(one)[0]) == 1


@pytest.mark.parametrize("kind", ["cut before", "cut after"])
def test_a_copy_whose_line_is_cut_loses_no_receipt(
    server: MailServer, ours: str, proxied: Both, kind: Kind
):
    proxied.imap.let(kind, "APPEND", times=1)
    assert behind(proxied, ours).push(draft(), "key").remote_id
    assert len([one for one in server.sent if one.mail_from == ours]) == 1


@pytest.mark.parametrize("kind", ["cut before", "cut after", "answer"])
@pytest.mark.parametrize(
    ("on", "error"), [("AUTH", None), ("MAIL", None), ("RCPT", None), (r"\.$", OutcomeUnknown)]
)
def test_a_letter_is_unsure_only_after_its_content(
    server: MailServer, ours: str, proxied: Both, kind: Kind, on: str, error: type[Exception] | None
):
    proxied.smtp.let(kind, on, times=5)
    with pytest.raises(NetworkError) as caught:
        behind(proxied, ours).push(draft(), "key")
    known = (Unreachable, Throttled)
    assert isinstance(caught.value, known if kind == "answer" else error or known)
    sent = [one for one in server.sent if one.mail_from == ours]
    assert len(sent) == (1 if error and kind == "cut after" else 0)


def test_a_server_that_is_not_there_is_unreachable(ours: str):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    gone = Server(host="127.0.0.1", port=port, tls="none")
    one = Mail(ours, Kept(to_secret(Access(imap=gone, smtp=gone, sender=ours))))
    with pytest.raises(Unreachable):
        one.pull(None)
    with pytest.raises(Unreachable):
        one.push(draft(), "key")


def test_a_wrong_password_is_a_lost_sign_in(server: MailServer, ours: str):
    with pytest.raises(SignInLost, match="does not let us in"):
        mail(server, ours, password="wrong").pull(None)
    with pytest.raises(SignInLost):
        Mail(ours, Kept("")).pull(None)
    wrong = msgspec.structs.replace(
        access(server, ours), smtp=access(server, ours, password="wrong").smtp
    )
    with pytest.raises(SignInLost):
        Mail(ours, Kept(to_secret(wrong))).push(draft(), "key")


def test_a_line_that_is_not_encrypted_is_not_spoken_to_as_if_it_were(server: MailServer, ours: str):
    plain = access(server, ours)
    for tls in ("tls", "starttls"):
        smtp = msgspec.structs.replace(plain.smtp, tls=tls)
        one = Mail(ours, Kept(to_secret(msgspec.structs.replace(plain, smtp=smtp))))
        with pytest.raises(Unreachable):
            one.push(draft(), "key")
    reading = msgspec.structs.replace(plain.imap, tls="tls")
    with pytest.raises(Unreachable):
        Mail(ours, Kept(to_secret(msgspec.structs.replace(plain, imap=reading)))).pull(None)
    assert not [one for one in server.sent if one.mail_from == ours]


def test_an_answer_is_sent_under_the_letter_and_filed(server: MailServer, ours: str):
    one = mail(server, ours)
    server.deliver(letter(Subject="Bill", Message_ID="<first@home.example>"), ours)
    (asked,), cursor = everything(one)
    receipt = one.push(draft(asked, "We look into it.\n.\nCare"), "key 1")
    (envelope,) = [one for one in server.sent if one.mail_from == ours]
    assert envelope.rcpt_tos == ["ada@home.example"]
    theirs, _ = everything(mail(server, "ada@home.example"))
    got = next(post for post in theirs if post.remote_id == receipt.remote_id)
    assert got.text == "We look into it.\n.\nCare"
    assert (got.reply_to, got.thread) == (asked.remote_id, asked.thread)
    (own,), _ = everything(one, cursor)
    assert own.remote_id == receipt.remote_id
    assert (own.author.id, own.counterpart) == (ours, "ada@home.example")
    assert own.text == got.text
    found = one.find("key 1", draft(asked))
    assert found is not None
    assert found.remote_id == receipt.remote_id
    assert one.find("key 2", draft(asked)) is None
    assert "\\Seen" in flags(server, ours, "Gesendetes")


def test_a_key_whose_letter_lies_in_sent_is_not_sent_again(server: MailServer, ours: str):
    one = mail(server, ours)
    first, second = one.push(draft(), "key"), one.push(draft(), "key")
    assert first.remote_id == second.remote_id
    assert len([one for one in server.sent if one.mail_from == ours]) == 1


def test_what_colleagues_answer_elsewhere_is_ours(server: MailServer, ours: str):
    one = mail(server, ours)
    _, cursor = everything(one)
    with imaplib.IMAP4("127.0.0.1", server.imap) as program:
        program.login(ours, PASSWORD)
        content = letter("From my telephone", From=ours, To="Ada <ADA@home.example>")
        program.append("Gesendetes", "", None, content)  # type: ignore[arg-type]  # now
    (post,), _ = everything(one, cursor)
    assert (post.author.id, post.counterpart) == (ours, "ada@home.example")


@pytest.mark.parametrize(
    ("on", "reply", "error"),
    [
        ("RCPT", "550 5.1.1 nobody of that name", Refused),
        ("RCPT", "450 4.2.1 later", Throttled),
        ("RCPT", "535 5.7.8 sign in", SignInLost),
        ("DATA", "554 5.7.1 spam", Refused),
        ("DATA", "452 4.3.1 full", Throttled),
        ("DATA", "421 4.3.2 going down", Throttled),
        ("LOST", "yes", OutcomeUnknown),
    ],
)
def test_what_the_mail_server_says_means_what_the_door_says(
    server: MailServer, ours: str, on: str, reply: str, error: type[Exception]
):
    server.answer(reply, on=on)
    one = mail(server, ours)
    with pytest.raises(error) as caught:
        one.push(draft(), "key")
    assert type(caught.value) is error
    sent = [one for one in server.sent if one.mail_from == ours]
    assert len(sent) == (1 if error is OutcomeUnknown else 0)
    assert one.find("key", draft()) is None  # no copy, which proves nothing: keys are not kept
    assert not one.limits.keeps(Room.DIRECT)


def test_a_copy_that_cannot_be_filed_loses_no_receipt(
    server: MailServer, ours: str, monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object) -> None:
        raise Unreachable("no room")

    monkeypatch.setattr(imap.Mailbox, "keep", broken)
    assert mail(server, ours).push(draft(), "key").remote_id


def test_a_public_post_is_no_letter(server: MailServer, ours: str):
    with pytest.raises(Refused):
        mail(server, ours).push(Draft(room=Room.PUBLIC, text="x", to="a@b.example"), "key")


def test_signing_in_says_what_works(server: MailServer, ours: str):
    server.deliver(letter(), ours)
    given = {
        "address": ours.upper(),
        "password": PASSWORD,
        "name": "Northwind Care",
        "imap": f"127.0.0.1:{server.imap}",
        "smtp": f"127.0.0.1:{server.smtp}",
    }
    found = MailSignIn().begin(given, "")
    assert found.address == found.who.id == ours
    assert all(step.ok for step in found.steps)
    assert [step.words for step in found.steps] == [
        "Signed in at 127.0.0.1",
        "Reads the inbox: 1 letters in the last thirty days",
        "Sees answers that are written elsewhere, in the folder of Sent",
        "Can send by 127.0.0.1",
    ]
    assert to_access(found.secret).name == "Northwind Care"
    assert len(everything(Mail(found.address, Kept(found.secret)))[0]) == 1
    with pytest.raises(Refused, match="password is wrong"):
        MailSignIn().begin({**given, "password": "wrong"}, "")
    without = MailSignIn().begin({**given, "smtp": "127.0.0.1:1"}, "")
    assert not without.steps[-1].ok
    assert without.steps[-1].words.startswith("Cannot send")


def test_signing_in_needs_an_address_and_a_password_and_a_server():
    for given in ({}, {"address": "care"}, {"address": "care@northwind.example"}):
        with pytest.raises(Refused):
            MailSignIn().begin(given, "")
    with pytest.raises(Refused, match="IMAP server"):
        MailSignIn().begin({"address": "care@localhost", "password": "x"}, "")


def test_a_mailbox_without_a_folder_of_sent_letters_works_too():
    with dovecot(with_sent=False) as server:
        one = mail(server, "care@northwind.example")
        server.deliver(letter(), "care@northwind.example")
        (asked,), _ = everything(one)
        assert one.push(draft(asked), "key").remote_id
        assert one.find("key", draft(asked)) is None
