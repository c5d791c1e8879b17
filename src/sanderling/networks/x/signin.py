"""Connecting an account on X: the person's own app, their yes on x.com, and what works then.

OAuth 2 with PKCE; the code is good for 30 seconds (docs.x.com, authorization code, 2026-08-22).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from sanderling.core.network import (
    Asked,
    Connected,
    Elsewhere,
    NetworkError,
    Refused,
    Step,
)
from sanderling.core.words import later
from sanderling.networks.wire.loop import run
from sanderling.networks.x.client import Client
from sanderling.networks.x.connector import ADDRESS, now, whoever
from sanderling.networks.x.secret import Secret, TierName
from sanderling.networks.x.tiers import TIERS
from sanderling.networks.x.tokens import Tokens, exchanged, grown

SITE = "https://x.com"
SCOPES = (
    "tweet.read", "tweet.write", "tweet.moderate.write", "users.read", "dm.read", "dm.write",
    "media.write", "like.read", "offline.access",
)  # fmt: skip
LIKING = "like.write"

ASKS = (
    Asked(
        name="client_id",
        label=later("Client ID"),
        help=later(
            "Of your own app at console.x.com, under Keys and tokens, OAuth 2.0. X wants every"
            " company to use an app of its own."
        ),
    ),
    Asked(
        name="client_secret",
        label=later("Client secret"),
        help=later("Stands beside the client ID, if your app is confidential."),
        kind="password",
        optional=True,
    ),
    Asked(
        name="bearer",
        label=later("Bearer token"),
        help=later(
            "The app's own token. With it posts arrive within seconds; without it this desk asks"
            " every minute."
        ),
        kind="password",
        optional=True,
    ),
    Asked(
        name="consumer_secret",
        label=later("Consumer secret"),
        help=later(
            "Also called API key secret. With it X can call a desk that has a public address."
        ),
        kind="password",
        optional=True,
    ),
    Asked(
        name="tier",
        label=later("Your plan at X"),
        kind="choice",
        value="self-serve",
        choices=("self-serve", "enterprise"),
    ),
    Asked(
        name="owner",
        label=later("Does this account own the app?"),
        help=later("Then X charges a fifth for reading its own mentions and posts."),
        kind="choice",
        value="no",
        choices=("no", "yes"),
    ),
)


class Kept(msgspec.Struct, kw_only=True):
    """What `finish` needs of `begin`."""

    app: Secret
    state: str
    verifier: str
    back_to: str


class XSignIn:
    """How an account on X is connected. `api` and `site` are other addresses for tests only."""

    asks = ASKS

    def __init__(self, api: str = ADDRESS, site: str = SITE) -> None:
        self._api, self._site = api, site

    def begin(self, given: Mapping[str, str], back_to: str) -> Elsewhere:
        """Send the person to X, where they say yes."""
        app = _app(given)
        if not back_to:
            raise Refused(
                later(
                    "X leads back to this desk after your yes, so the desk needs an address: set"
                    " its public URL, and enter the same address as a callback of your app."
                )
            )
        kept = Kept(
            app=app,
            state=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            back_to=back_to,
        )
        digest = hashlib.sha256(kept.verifier.encode()).digest()
        likes = (LIKING,) if TIERS[app.tier].likes else ()
        asked = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": back_to,
            "scope": " ".join((*SCOPES, *likes)),
            "state": kept.state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return Elsewhere(
            url=f"{self._site}/i/oauth2/authorize?{urlencode(asked)}",
            keep=msgspec.json.encode(kept).decode(),
        )

    def finish(self, keep: str, answer: Mapping[str, str]) -> Connected:
        """Exchange the code that came back, and try what works."""
        try:
            kept = msgspec.json.decode(keep, type=Kept)
        except msgspec.DecodeError as error:
            raise Refused(later("This sign-in was not begun here. Begin again.")) from error
        if answer.get("error"):
            raise Refused(later("You did not allow it on X, so nothing was connected. Try again."))
        if not hmac.compare_digest(answer.get("state", "").encode(), kept.state.encode()):
            raise Refused(later("This answer is not to the question of this desk. Begin again."))
        code = answer.get("code")
        if not code:
            raise Refused(later("X led back without a code. Begin again."))
        return run(self._finish(kept, code))

    async def _finish(self, kept: Kept, code: str) -> Connected:
        try:
            granted = await exchanged(self._api, kept.app, code, kept.verifier, kept.back_to)
        except Refused as error:
            raise Refused(
                later(
                    "X did not accept the sign-in ({error}). Its code is good for 30 "
                    "seconds: begin again. If it happens twice, check the client ID, "
                    "its secret and the callback."
                ).format(error=error)
            ) from error
        fresh = grown(kept.app, granted, now())
        client = Client(self._api, Tokens(self._api, _Held(fresh.text()), now), now)
        try:
            who = whoever(await client.me())
            known = msgspec.structs.replace(fresh, user_id=who.id, handle=who.handle)
            steps = (
                Step(ok=True, words=later("Signed in as @{handle}").format(handle=who.handle)),
                *_allowed(known),
            )
            bearer = await _bearer(client, known)
        finally:
            await client.close()
        plan = Step(ok=True, words=TIERS[known.tier].words)
        return Connected(
            who=who, address=self._api, secret=known.text(), steps=(*steps, *bearer, plan)
        )


class _Held:
    """A secret that lies in no vault yet; new enough to need no renewal."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> str:
        return self._text

    def renew(self, stale: str, make: object) -> str:
        raise Refused(later("X gave a token that has ended already."))


def _app(given: Mapping[str, str]) -> Secret:
    """The app's keys as they were typed; raises Refused for what cannot be right."""
    typed = {name: given.get(name, "").strip() for name in (asked.name for asked in ASKS)}
    if not typed["client_id"]:
        raise Refused(
            later("The client ID is missing. It stands in your app's OAuth 2.0 keys at X.")
        )
    for asked in ASKS:
        if any(not "!" <= letter <= "~" for letter in typed[asked.name]):
            raise Refused(
                later(
                    "There is a strange letter or a blank in “{field}”. Copy it once more."
                ).format(field=asked.label)
            )
        if asked.choices and typed[asked.name] not in (*asked.choices, ""):
            raise Refused(
                later("Choose one of these: {choices}.").format(choices=", ".join(asked.choices))
            )
    tier: TierName = "enterprise" if typed["tier"] == "enterprise" else "self-serve"
    return Secret(
        client_id=typed["client_id"],
        client_secret=typed["client_secret"],
        bearer=typed["bearer"],
        consumer_secret=typed["consumer_secret"],
        tier=tier,
        owner=typed["owner"] == "yes",
        access="",
        refresh="",
        expires_at=0,
        user_id="",
        handle="",
    )


def _allowed(known: Secret) -> list[Step]:
    """What X granted, by its scopes."""
    given = set(known.scopes or SCOPES)
    needed = (
        (
            {"tweet.read", "users.read"},
            later("Can read mentions"),
            later("Cannot read mentions"),
        ),
        ({"tweet.write"}, later("Can answer in public"), later("Cannot answer in public")),
        (
            {"dm.read", "dm.write"},
            later("Can read and write direct messages that are not encrypted"),
            later("Cannot read and write direct messages that are not encrypted"),
        ),
        ({"media.write"}, later("Can send pictures"), later("Cannot send pictures")),
        ({"tweet.moderate.write"}, later("Can hide replies"), later("Cannot hide replies")),
    )
    steps = [
        Step(ok=scopes <= given, words=can if scopes <= given else cannot)
        for scopes, can, cannot in needed
    ]
    if not known.refresh:
        lost = later("X gave no lasting permission (offline.access): this ends in two hours")
        steps.append(Step(ok=False, words=lost))
    return steps


async def _bearer(client: Client, known: Secret) -> list[Step]:
    """What the app's own keys add."""
    if not known.bearer:
        return [Step(ok=False, words=later("No bearer token: posts are asked for every minute"))]
    try:
        await client.rules()
    except NetworkError as error:
        return [
            Step(
                ok=False,
                words=later("The bearer token does not work, so no streams: {error}").format(
                    error=error
                ),
            )
        ]
    calls = (
        later("X can call this desk")
        if known.consumer_secret
        else later("No consumer secret: X cannot call")
    )
    return [
        Step(ok=True, words=later("The bearer token works: posts arrive by stream")),
        Step(ok=bool(known.consumer_secret), words=calls),
    ]
