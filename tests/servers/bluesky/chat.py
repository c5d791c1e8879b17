"""A stand-in for Bluesky's chat service, which is closed and has no server to install.

Calls reach it as they reach the real one: through the PDS, with a service token that it proves.
Who may write to whom it takes from the AppView: the declaration `chat.bsky.actor.declaration`
(without one: who is followed), and who wrote in a conversation may always go on in it.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import httpx
import regex
from atproto_crypto.verify import verify_signature
from atproto_server.auth.jwt import decode_jwt_payload, parse_jwt, validate_jwt_payload

CONVO = "chat.bsky.convo"
LONGEST_GRAPHEMES, LONGEST_BYTES = 1000, 10_000
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
Json = dict[str, Any]
Fault = Literal["throttle", "lose", "lose answer", "hang"]


class Refusal(Exception):
    """An error of the lexicon: status, name, words and more headers."""

    def __init__(self, status: int, name: str, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.headers = status, headers
        self.body = {"error": name, "message": words}


@dataclass
class Message:
    id: str
    rev: str
    sender: str
    text: str
    sent_at: str
    more: Json
    deleted_for: set[str] = field(default_factory=set)

    def view(self, viewer: str) -> Json:
        known = {"id": self.id, "rev": self.rev, "sender": {"did": self.sender}}
        if viewer in self.deleted_for:
            return {"$type": f"{CONVO}.defs#deletedMessageView", **known, "sentAt": self.sent_at}
        wording = {"text": self.text, "sentAt": self.sent_at, **self.more}
        return {"$type": f"{CONVO}.defs#messageView", **known, **wording}


@dataclass
class Convo:
    id: str
    members: tuple[str, ...]
    rev: str
    status: dict[str, str]
    messages: list[Message] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)

    def unread(self, viewer: str) -> int:
        since = self.read.get(viewer, "")
        return sum(m.sender != viewer and m.rev > since for m in self.messages)


class Chat:
    """The running service. `proxy` is what goes into the header `atproto-proxy`.

    `go_wrong` lets the next calls of a method go wrong; `calls` are the methods called so far, with
    who called.
    """

    def __init__(self) -> None:
        self.did = ""
        self.calls: list[tuple[str, str]] = []
        self._convos: dict[str, Convo] = {}
        self._log: list[tuple[str, str, Json]] = []  # rev, whose, entry
        self._faults: dict[str, deque[Fault]] = {}
        self._last = 0
        self._one_at_a_time = threading.Lock()
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="chat", daemon=True)
        self._thread.start()

    def join(self, did: str, plc: str, appview: str) -> None:
        """From now on be the service `did` of this network."""
        self.did = did
        self._plc = httpx.Client(base_url=plc, trust_env=False)
        self._appview = httpx.Client(base_url=appview, trust_env=False)

    @property
    def proxy(self) -> str:
        return f"{self.did}#bsky_chat"

    def go_wrong(self, how: Fault, method: str = "sendMessage", times: int = 1) -> None:
        """Let the next calls of a method fail: refused for now ("throttle", 429 with the time),
        cut off before anything was done ("lose") or after it was ("lose answer"), or done and never
        answered ("hang")."""
        self._faults.setdefault(method, deque()).extend([how] * times)

    def calm(self) -> None:
        """Let nothing go wrong any more, and end what hangs."""
        self._faults.clear()
        self._over.set()
        self._over = threading.Event()

    def texts(self, did: str) -> list[str]:
        """Every message that stands in somebody's conversations, oldest first."""
        mine = [c for c in self._convos.values() if did in c.members]
        return [m.text for m in sorted((m for c in mine for m in c.messages), key=_rev)]

    def close(self) -> None:
        self.calm()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self.did:
            self._plc.close()
            self._appview.close()

    def answer(self, method: str, token: str, given: Json) -> Json | None:
        """What a call is answered; None where the answer gets lost. Raises Refusal."""
        caller = self._caller(method, token)
        act = ACTS.get(method.removeprefix(CONVO + "."))
        if act is None:
            raise Refusal(501, "MethodNotImplemented", "Method Not Implemented")
        self.calls.append((method.rsplit(".", 1)[-1], caller))
        fault = self._next_fault(method)
        if fault == "lose":
            return None
        if fault == "throttle":
            raise Refusal(429, "RateLimitExceeded", "Rate Limit Exceeded", **_reset_in(30))
        with self._one_at_a_time:
            told = act(self, caller, given)
        if fault == "hang":
            self._over.wait(60)
        return None if fault else told

    def _next_fault(self, method: str) -> Fault | None:
        waiting = self._faults.get(method.rsplit(".", 1)[-1])
        return waiting.popleft() if waiting else None

    def _caller(self, method: str, token: str) -> str:
        """Who calls: the token must be for us and this very method, and signed by their key."""
        try:
            body, signed, _, signature = parse_jwt(token.removeprefix("Bearer "))
            claims = decode_jwt_payload(body)
            validate_jwt_payload(claims)
            data = self._plc.get(f"/{claims.iss}/data").raise_for_status().json()
            genuine = verify_signature(data["verificationMethods"]["atproto"], signed, signature)
        except Exception as error:
            raise Refusal(401, "BadJwt", f"bad token: {error}") from error
        if not genuine:
            raise Refusal(401, "BadJwtSignature", "jwt signature does not match jwt issuer")
        if claims.aud != self.did:
            raise Refusal(401, "BadJwtAudience", "jwt audience does not match service did")
        if (claims.model_extra or {}).get("lxm") != method:
            raise Refusal(
                401, "BadJwtLexiconMethod", f"bad jwt lexicon method, must match: {method}"
            )
        return str(claims.iss)

    def _tid(self) -> str:
        """The next name in time: sorts as it was made."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return "".join(DIGITS[(self._last << 10 >> 5 * place) & 31] for place in range(12, -1, -1))

    def _profile(self, did: str) -> Json:
        told = self._appview.get("/xrpc/app.bsky.actor.getProfile", params={"actor": did})
        if told.status_code != 200:
            raise Refusal(400, "RecipientNotFound", "recipient not found")
        kept = ("did", "handle", "displayName", "avatar", "associated", "createdAt", "labels")
        return {name: value for name, value in told.json().items() if name in kept}

    def _follows(self, who: str, whom: str) -> bool:
        given = {"actor": who, "others": [whom]}
        told = self._appview.get("/xrpc/app.bsky.graph.getRelationships", params=given)
        return "following" in told.raise_for_status().json()["relationships"][0]

    def _check_may_write(self, caller: str, to: str) -> None:
        chat = self._profile(to).get("associated", {}).get("chat", {})
        allowed = chat.get("allowIncoming", "following")
        if allowed == "none":
            raise Refusal(400, "MessagesDisabled", "recipient has disabled incoming messages")
        if allowed == "following" and not self._follows(to, caller):
            raise Refusal(
                400,
                "NotFollowedBySender",
                "recipient requires incoming messages to come from someone they follow",
            )

    def _standing(self, members: set[str]) -> Convo | None:
        return next((c for c in self._convos.values() if set(c.members) == members), None)

    def _of(self, caller: str, given: Json) -> Convo:
        convo = self._convos.get(given.get("convoId", ""))
        if convo is None or caller not in convo.members:
            raise Refusal(400, "InvalidConvo", "invalid convo")
        return convo

    def _view(self, convo: Convo, viewer: str) -> Json:
        last = {"lastMessage": convo.messages[-1].view(viewer)} if convo.messages else {}
        return {
            "id": convo.id, "rev": convo.rev, "muted": False, "status": convo.status[viewer],
            "members": [self._profile(did) for did in convo.members],
            "unreadCount": convo.unread(viewer), **last,
        }  # fmt: skip

    def _tell(self, kind: str, convo: Convo, whom: tuple[str, ...], about: Message | None = None):
        rev = about.rev if about and kind == "logCreateMessage" else self._tid()
        convo.rev = rev
        for did in whom:
            message = {"message": about.view(did)} if about else {}
            entry = {"$type": f"{CONVO}.defs#{kind}", "rev": rev, "convoId": convo.id, **message}
            self._log.append((rev, did, entry))

    def _accept(self, convo: Convo, did: str) -> None:
        if convo.status[did] != "accepted":
            convo.status[did] = "accepted"
            self._tell("logAcceptConvo", convo, (did,))

    def get_convo_for_members(self, caller: str, given: Json) -> Json:
        others = {did for did in _many(given, "members") if did != caller}
        if len(others) != 1:
            raise Refusal(400, "InvalidRequest", "a conversation has exactly two members")
        (other,) = others
        return {"convo": self._view(self._between(caller, other), caller)}

    def _between(self, caller: str, other: str) -> Convo:
        """The one conversation of two people; begun only where the other lets it."""
        convo = self._standing({caller, other})
        if convo and any(m.sender == other for m in convo.messages):
            return convo
        self._check_may_write(caller, other)
        if convo is None:
            theirs = "accepted" if self._follows(other, caller) else "request"
            status = {caller: "accepted", other: theirs}
            convo = Convo(self._tid(), (caller, other), "", status)
            self._convos[convo.id] = convo
            self._tell("logBeginConvo", convo, convo.members)
        return convo

    def get_convo_availability(self, caller: str, given: Json) -> Json:
        (other,) = {did for did in _many(given, "members") if did != caller}
        standing = self._standing({caller, other})
        shown = {"convo": self._view(standing, caller)} if standing else {}
        try:
            self._check_may_write(caller, other)
        except Refusal:
            return {"canChat": bool(standing), **shown}
        return {"canChat": True, **shown}

    def get_convo(self, caller: str, given: Json) -> Json:
        return {"convo": self._view(self._of(caller, given), caller)}

    def list_convos(self, caller: str, given: Json) -> Json:
        mine = [c for c in self._convos.values() if caller in c.members]
        if status := given.get("status"):
            mine = [c for c in mine if c.status[caller] == status]
        if given.get("readState") == "unread":
            mine = [c for c in mine if c.unread(caller)]
        page, cursor = _page(sorted(mine, key=_rev, reverse=True), given)
        return {"convos": [self._view(c, caller) for c in page], **cursor}

    def list_convo_requests(self, caller: str, given: Json) -> Json:
        told = self.list_convos(caller, {**given, "status": "request"})
        return {"requests": told.pop("convos"), **told}

    def accept_convo(self, caller: str, given: Json) -> Json:
        convo = self._of(caller, given)
        self._accept(convo, caller)
        return {"rev": convo.rev}

    def get_messages(self, caller: str, given: Json) -> Json:
        newest_first = self._of(caller, given).messages[::-1]
        page, cursor = _page(newest_first, given)
        return {"messages": [m.view(caller) for m in page], **cursor}

    def send_message(self, caller: str, given: Json) -> Json:
        convo = self._of(caller, given)
        more = dict(given.get("message") or {})
        text = more.pop("text", None)
        if not isinstance(text, str):
            raise Refusal(400, "InvalidRequest", 'Input/message must have the property "text"')
        _check_length(text)
        kept = {name: more[name] for name in ("facets",) if name in more}
        self._accept(convo, caller)
        sent_at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = Message(self._tid(), self._tid(), caller, text, sent_at, kept)
        convo.messages.append(message)
        self._tell("logCreateMessage", convo, convo.members, message)
        return message.view(caller)

    def delete_message_for_self(self, caller: str, given: Json) -> Json:
        convo = self._of(caller, given)
        message = next((m for m in convo.messages if m.id == given.get("messageId")), None)
        if message is None:
            raise Refusal(400, "InvalidRequest", "message not found")
        message.deleted_for.add(caller)
        self._tell("logDeleteMessage", convo, (caller,), message)
        return message.view(caller)

    def update_read(self, caller: str, given: Json) -> Json:
        convo = self._of(caller, given)
        wanted = given.get("messageId")
        read = [m for m in convo.messages if wanted in (None, m.id)]
        if read:
            convo.read[caller] = max(convo.read.get(caller, ""), read[-1].rev)
            self._tell("logReadMessage", convo, (caller,), read[-1])
        return {"convo": self._view(convo, caller)}

    def get_log(self, caller: str, given: Json) -> Json:
        cursor = given.get("cursor", "")
        news = [(rev, entry) for rev, did, entry in self._log if did == caller and rev > cursor]
        page = news[:100]
        return {"logs": [entry for _, entry in page], "cursor": page[-1][0] if page else cursor}


ACTS: Mapping[str, Callable[[Chat, str, Json], Json]] = {
    "acceptConvo": Chat.accept_convo,
    "deleteMessageForSelf": Chat.delete_message_for_self,
    "getConvo": Chat.get_convo,
    "getConvoAvailability": Chat.get_convo_availability,
    "getConvoForMembers": Chat.get_convo_for_members,
    "getLog": Chat.get_log,
    "getMessages": Chat.get_messages,
    "listConvoRequests": Chat.list_convo_requests,
    "listConvos": Chat.list_convos,
    "sendMessage": Chat.send_message,
    "updateRead": Chat.update_read,
}


def _rev(one: Convo | Message) -> str:
    return one.rev


def _page(newest_first: list[Any], given: Json) -> tuple[list[Any], Json]:
    limit, cursor = int(given.get("limit", 50)), given.get("cursor")
    left = [one for one in newest_first if not cursor or one.rev < cursor]
    return left[:limit], {"cursor": left[limit - 1].rev} if len(left) > limit else {}


def _many(given: Json, name: str) -> list[str]:
    found = given.get(name, [])
    return found if isinstance(found, list) else [found]


def _check_length(text: str) -> None:
    if len(regex.findall(r"\X", text)) > LONGEST_GRAPHEMES:
        words = f"Input/message/text must not be longer than {LONGEST_GRAPHEMES} graphemes"
        raise Refusal(400, "InvalidRequest", words)
    if len(text.encode()) > LONGEST_BYTES:
        words = f"Input/message/text must not be longer than {LONGEST_BYTES} characters"
        raise Refusal(400, "InvalidRequest", words)


def _reset_in(seconds: int) -> dict[str, str]:
    return {
        "RateLimit-Limit": "100", "RateLimit-Remaining": "0", "RateLimit-Policy": "100;w=300",
        "RateLimit-Reset": str(int(time.time()) + seconds), "Retry-After": str(seconds),
    }  # fmt: skip


def _handler(chat: Chat) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            self._answer({n: v if n == "members" else v[0] for n, v in asked.items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(json.loads(body or b"{}"))

        def _answer(self, given: Json) -> None:
            method = urlsplit(self.path).path.removeprefix("/xrpc/")
            status, headers = 200, {}
            try:
                body = chat.answer(method, self.headers.get("Authorization", ""), given)
            except Refusal as refusal:
                status, headers, body = refusal.status, refusal.headers, refusal.body
            if body is None:
                self.close_connection = True
                return
            self._send(status, headers, json.dumps(body).encode())

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            told = {"Content-Type": "application/json", "Content-Length": str(len(body))}
            for name, value in {**told, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            """Say nothing: `calls` tells what was asked."""

    return Handler
