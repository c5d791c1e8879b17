"""How a mailbox is connected: by its address and password; its servers are guessed by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sanderling.core.network import (
    Asked,
    Author,
    Connected,
    Elsewhere,
    NetworkError,
    Refused,
    SignInLost,
    Step,
    Unreachable,
)
from sanderling.core.words import later
from sanderling.networks.mail.access import HERE, Access, Server, Tls, to_secret
from sanderling.networks.mail.imap import opened
from sanderling.networks.mail.reading import ADDRESS
from sanderling.networks.mail.smtp import connected
from sanderling.networks.wire import loop

IMAP_PORTS: tuple[tuple[int, Tls], ...] = ((993, "tls"),)
SMTP_PORTS: tuple[tuple[int, Tls], ...] = ((465, "tls"), (587, "starttls"))


class MailSignIn:
    """Connects a mailbox. No one else's service is asked where its servers are."""

    asks: tuple[Asked, ...] = (
        Asked(
            name="address",
            label=later("E-mail address"),
            help=later("Customers write to this address."),
        ),
        Asked(
            name="password",
            label=later("Password"),
            help=later("Where your provider offers app passwords, make one for this desk."),
            kind="password",
        ),
        Asked(name="name", label=later("Name that customers see"), optional=True),
        Asked(
            name="user",
            label=later("User name"),
            help=later("Where it is not the address itself."),
            optional=True,
        ),
        Asked(
            name="imap",
            label=later("IMAP server"),
            help=later(
                "Where letters are read, as imap.example.com. Left empty, it is looked for."
            ),
            optional=True,
        ),
        Asked(
            name="smtp",
            label=later("SMTP server"),
            help=later(
                "Where letters are sent, as smtp.example.com. Left empty, it is looked for."
            ),
            optional=True,
        ),
    )

    def begin(self, given: Mapping[str, str], back_to: str) -> Connected | Elsewhere:
        """Sign in at both servers."""
        address = given.get("address", "").strip().lower()
        if not ADDRESS.fullmatch(address):
            raise Refused(later("That is not an e-mail address. Write it like care@example.com"))
        if not given.get("password"):
            raise Refused(later("The password is missing."))
        return loop.run(_connect(address, given))

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        """Never needed: a mailbox asks for nobody's yes."""
        raise Refused(later("A mailbox is connected in one step. Begin again."))


async def _connect(address: str, given: Mapping[str, str]) -> Connected:
    imap, steps = await _reading(list(_servers("imap", address, given, IMAP_PORTS)))
    smtp, step = await _sending(list(_servers("smtp", address, given, SMTP_PORTS)))
    name = given.get("name", "").strip()[:100]
    return Connected(
        who=Author(id=address, handle=address, name=name),
        address=address,
        secret=to_secret(Access(imap=imap, smtp=smtp, sender=address, name=name)),
        steps=(*steps, step),
    )


def _servers(
    kind: str, address: str, given: Mapping[str, str], ports: tuple[tuple[int, Tls], ...]
) -> Iterator[Server]:
    """The servers to try: the one that was named, or those that providers like to name so."""
    domain = address.rpartition("@")[2]
    typed = given.get(kind, "").strip().lower()
    hosts = [typed] if typed else [f"{kind}.{domain}", f"mail.{domain}", domain]
    for whole in hosts:
        host, _, port = whole.rpartition(":") if whole.count(":") == 1 else (whole, "", "")
        tried = [(int(port), _tls(host, int(port)))] if port.isdecimal() else ports
        for number, tls in tried:
            user = given.get("user", "").strip() or address
            password = given["password"]
            yield Server(host=host, port=number, tls=tls, user=user, password=password)


def _tls(host: str, port: int) -> Tls:
    """How to encrypt: always, but on this machine itself."""
    if port in (587, 25, 2525):
        return "starttls"
    return "none" if host in HERE and port not in (993, 465) else "tls"


async def _reading(servers: list[Server]) -> tuple[Server, list[Step]]:
    """The first server where the mailbox can be read; raises Refused."""
    trouble = ""
    for server in servers:
        try:
            async with opened(server) as box:
                await box.look_into("INBOX")
                month = len(await box.since(_now() - timedelta(days=30)))
                sent = await box.sent_folder()
        except SignInLost as error:
            raise Refused(
                later("Name or password is wrong. {error}").format(error=error)
            ) from error
        except Unreachable as error:
            trouble = trouble or str(error)
            continue
        return server, list(_steps(server, month, sent))
    raise Refused(later("{trouble} Give the name of the IMAP server.").format(trouble=trouble))


def _steps(server: Server, month: int, sent: str | None) -> Iterator[Step]:
    yield Step(ok=True, words=later("Signed in at {server}").format(server=server.host))
    yield Step(
        ok=True,
        words=later("Reads the inbox: {month} letters in the last thirty days").format(month=month),
    )
    if sent:
        yield Step(
            ok=True, words=later("Sees answers that are written elsewhere, in the folder of Sent")
        )
    else:
        words = later(
            "Cannot see answers that are written elsewhere: there is no folder of sent letters"
        )
        yield Step(ok=False, words=words)


async def _sending(servers: list[Server]) -> tuple[Server, Step]:
    """The first server that lets us send; where none does, reading works all the same."""
    trouble = ""
    for server in servers:
        try:
            async with connected(server):
                return server, Step(
                    ok=True, words=later("Can send by {server}").format(server=server.host)
                )
        except NetworkError as error:
            trouble = trouble or str(error)
    return servers[0], Step(ok=False, words=later("Cannot send: {trouble}").format(trouble=trouble))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  "the last thirty days" needs to know today
