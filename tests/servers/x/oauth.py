"""Signing in: OAuth 2 with PKCE, refresh tokens that work once, and the app's own token."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from servers.x.answers import Answer, Problem, Request
from servers.x.state import Person, World

SCOPES = (
    "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write media.write "
    "like.read like.write follows.read follows.write offline.access"
)
CODE_LIVES = timedelta(seconds=30)


@dataclass
class Tokens:
    """What a person's yes is worth: `access` for two hours, `refresh` once."""

    access: str
    refresh: str
    scope: str
    person: Person
    ends: datetime


@dataclass
class _Code:
    person: Person
    challenge: str
    redirect: str
    scope: str
    made: datetime


class OAuthError(Exception):
    def __init__(self, error: str, why: str, status: int = 400) -> None:
        self.answer = Answer(status, {"error": error, "error_description": why})
        super().__init__(why)


class SigningIn:
    """Gives tokens and knows them. `consenting` is who says yes; None means no."""

    def __init__(self, world: World) -> None:
        self.client_id, self.client_secret = "stand-in-client", "stand-in-client-secret"
        self.consumer_key, self.consumer_secret = "stand-in-key", "stand-in-consumer-secret"
        self.app_token = "AAAA-stand-in-bearer"
        self.callbacks: set[str] | None = None
        self.lives_s = 7200
        self.consenting: Person | None = None
        self._world = world
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, Tokens] = {}
        self._refresh: dict[str, Tokens] = {}

    def give(self, person: Person, scope: str = SCOPES) -> Tokens:
        """Tokens for a person, as if they had said yes."""
        ends = self._world.now() + timedelta(seconds=self.lives_s)
        refresh = secrets.token_urlsafe(24) if "offline.access" in scope.split() else ""
        made = Tokens(secrets.token_urlsafe(24), refresh, scope, person, ends)
        self._access[made.access] = made
        if refresh:
            self._refresh[refresh] = made
        return made

    def expire(self, person: Person) -> None:
        """End every access token of a person; refreshing still works."""
        self._access = {k: t for k, t in self._access.items() if t.person is not person}

    def revoke(self, person: Person) -> None:
        """The person takes their yes back."""
        self.expire(person)
        self._refresh = {k: t for k, t in self._refresh.items() if t.person is not person}

    def has_yes(self, person: Person) -> bool:
        return any(t.person is person for t in (*self._access.values(), *self._refresh.values()))

    def who(self, token: str) -> Tokens | None:
        """Whose access token this is; None for the app's own. Raises 401 for any other."""
        if secrets.compare_digest(token.encode(), self.app_token.encode()):
            return None
        tokens = self._access.get(token)
        if not tokens or tokens.ends <= self._world.now():
            raise Problem(401, "Unauthorized")
        return tokens

    def authorise(self, request: Request) -> Answer:
        """The page on which a person says yes or no; here they do so at once."""
        query = request.query
        wrong = [
            name
            for name, right in (
                ("response_type", query.get("response_type") == "code"),
                ("client_id", query.get("client_id") == self.client_id),
                ("redirect_uri", self._is_callback(query.get("redirect_uri", ""))),
                ("state", query.get("state")),
                ("scope", set(query.get("scope", "?").split()) <= set(SCOPES.split())),
                ("code_challenge", len(query.get("code_challenge", "")) >= 43),
                ("code_challenge_method", query.get("code_challenge_method") == "S256"),
            )
            if not right
        ]
        if wrong:
            return Answer(400, {"error": "invalid_request", "error_description": ", ".join(wrong)})
        back = {"state": query["state"]}
        if self.consenting:
            code = secrets.token_urlsafe(24)
            self._codes[code] = _Code(
                self.consenting, query["code_challenge"], query["redirect_uri"], query["scope"],
                self._world.now(),
            )  # fmt: skip
            back["code"] = code
        else:
            back["error"] = "access_denied"
        sign = "&" if "?" in query["redirect_uri"] else "?"
        return Answer(302, headers={"location": query["redirect_uri"] + sign + urlencode(back)})

    def token(self, request: Request) -> Answer:
        """The token endpoint: codes and refresh tokens, each good once."""
        form = dict(parse_qsl(request.raw.decode()))
        try:
            self._check_client(request, form)
            if form.get("grant_type") == "authorization_code":
                tokens = self._by_code(form)
            elif form.get("grant_type") == "refresh_token":
                tokens = self._by_refresh(form.get("refresh_token", ""))
            else:
                raise OAuthError("unsupported_grant_type", "Value passed for grant_type is wrong.")
        except OAuthError as error:
            return error.answer
        said = {
            "token_type": "bearer",
            "expires_in": self.lives_s,
            "access_token": tokens.access,
            "scope": tokens.scope,
        }
        return Answer(200, said | ({"refresh_token": tokens.refresh} if tokens.refresh else {}))

    def app_only(self, request: Request) -> Answer:
        """The app's own token for its key and secret."""
        if _basic(request) != (self.consumer_key, self.consumer_secret):
            return Answer(
                403, {"errors": [{"code": 99, "message": "Unable to verify your credentials"}]}
            )
        return Answer(200, {"token_type": "bearer", "access_token": self.app_token})

    def take_back(self, request: Request) -> Answer:
        """Revoke a token."""
        form = dict(parse_qsl(request.raw.decode()))
        try:
            self._check_client(request, form)
        except OAuthError as error:
            return error.answer
        for kept in (self._access, self._refresh):
            kept.pop(form.get("token", ""), None)
        return Answer(200, {"revoked": True})

    def _check_client(self, request: Request, form: dict[str, str]) -> None:
        given = _basic(request)
        if not given and form.get("client_id") != self.client_id:
            raise OAuthError("invalid_request", "Missing required parameter [client_id].")
        if given and given != (self.client_id, self.client_secret):
            raise OAuthError("unauthorized_client", "Missing valid authorization header", 401)

    def _by_code(self, form: dict[str, str]) -> Tokens:
        code = self._codes.pop(form.get("code", ""), None)
        if not code or self._world.now() > code.made + CODE_LIVES:
            raise OAuthError(
                "invalid_request", "Value passed for the authorization code was invalid."
            )
        if form.get("redirect_uri") != code.redirect:
            raise OAuthError("invalid_request", "Value passed for the redirect uri did not match.")
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(hashed).decode().rstrip("=") != code.challenge:
            raise OAuthError("invalid_request", "Value passed for code_verifier did not match.")
        return self.give(code.person, code.scope)

    def _by_refresh(self, refresh: str) -> Tokens:
        spent = self._refresh.pop(refresh, None)
        if not spent:
            raise OAuthError("invalid_request", "Value passed for the token was invalid.")
        self._access.pop(spent.access, None)
        return self.give(spent.person, spent.scope)

    def _is_callback(self, address: str) -> bool:
        return bool(address) and (self.callbacks is None or address in self.callbacks)


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    name, _, secret = base64.b64decode(given).decode().partition(":")
    return name, secret
