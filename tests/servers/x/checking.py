"""Every request is held against X's OpenAPI document, which also tells the operations apart."""

from __future__ import annotations

import email.parser
import email.policy
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from servers.x.answers import Problem, Request, invalid

HERE = Path(__file__).parents[4] / "shared" / "data" / "x-openapi.json"
DOCUMENT = Path(os.environ.get("SANDERLING_X_OPENAPI", HERE))
"""X's document; it is X's and not part of this project, so tests skip where it is not found."""

# How the names of 2.167 were spelt before, and are by clients of that time.
OLD_PARAMETER = {"post.fields": "tweet.fields"}
OLD_VALUES = {
    "post.fields": [
        "author_id", "in_reply_to_user_id", "referenced_tweets", "edit_history_tweet_ids",
        "note_tweet",
    ],
    "expansions": [
        "referenced_tweets.id", "referenced_tweets.id.author_id",
        "referenced_tweets.id.attachments.media_keys", "edit_history_tweet_ids",
        "pinned_tweet_id", "most_recent_tweet_id",
    ],
    "user.fields": ["pinned_tweet_id", "most_recent_tweet_id", "affiliation"],
    "dm_event.fields": ["sender_id", "participant_ids", "referenced_tweets"],
}  # fmt: skip
NEW_ONLY = re.compile(r"_posts?\b|^referenced_posts|note_post|_post_ids?$")


class Operation:
    """One of X's operations: where it lies, who may ask, and what a request must look like."""

    def __init__(self, method: str, path: str, said: dict[str, Any], shared: list[Any]) -> None:
        self.id: str = said["operationId"]
        self.method = method
        self.fixed = path.count("{")
        names = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        self.pattern = re.compile(f"{names}$")
        self.parameters = [_resolved(p) for p in (*shared, *said.get("parameters", ()))]
        body = _resolved(said.get("requestBody", {}))
        success = _resolved(said["responses"].get("200") or said["responses"]["201"])
        self._answer = success.get("content", {}).get("application/json", {}).get("schema", {})
        self.body_required = body.get("required", False)
        self.bodies = {kind: c["schema"] for kind, c in body.get("content", {}).items()}
        ways = said.get("security", [])
        self.for_app = not ways or any("BearerToken" in way for way in ways)
        self.for_user = any("OAuth2UserToken" in way for way in ways)
        self.scopes = next(
            (set(w["OAuth2UserToken"]) for w in ways if "OAuth2UserToken" in w), set()
        )

    def check(self, request: Request, spelling: str) -> None:
        """Raise Problem where the request does not fit; reads the body into `request.body`."""
        known = {}
        for parameter in self.parameters:
            name, schema = parameter["name"], _resolved(parameter["schema"])
            if spelling == "tweet":
                name, schema = _spelt_as_before(name, schema)
            value = (request.path if parameter["in"] == "path" else request.query).get(name)
            known[name] = parameter
            if value is not None:
                _check_value(name, value, schema)
            elif parameter.get("required"):
                raise invalid(name, "", f"The query parameter [{name}] can not be empty")
        for name, value in request.query.items():
            if name not in known:
                raise invalid(
                    name, value, f"The query parameter [{name}] is not one of [{','.join(known)}]"
                )
        self._check_body(request)

    def misfits(self, content: Any) -> list[str]:
        """Where an answer of ours is not what the document says of it."""
        return [
            f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
            for error in _validator(json.dumps(self._answer)).iter_errors(content)
        ]

    def _check_body(self, request: Request) -> None:
        if not self.bodies:
            return
        if not request.raw:
            if self.body_required:
                raise invalid("body", "", "The request body is missing")
            return
        kind = request.headers.get("content-type", "").split(";")[0]
        if kind not in self.bodies:
            raise Problem(415, "Unsupported Media Type", f"[{kind}] is not supported here")
        request.body = _read_body(request, kind)
        for error in _validator(json.dumps(self.bodies[kind])).iter_errors(request.body):
            where = "/".join(map(str, error.path))
            raise invalid(where or "body", str(error.instance)[:100], f"$.{where}: {error.message}")


@cache
def operations() -> list[Operation]:
    """All of X's operations, those with fixed addresses first."""
    found = [
        Operation(method.upper(), path, said, ways.get("parameters", []))
        for path, ways in _document()["paths"].items()
        for method, said in ways.items()
        if method in ("get", "post", "put", "delete")
    ]
    return sorted(found, key=lambda operation: operation.fixed)


def find(every: list[Operation], method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation at an address, and the values in it."""
    for operation in every:
        match = operation.pattern.match(path)
        if match and operation.method == method:
            return operation, {k: unquote(v) for k, v in match.groupdict().items()}
    raise Problem(404, "Not Found", f"{method} {path} is no operation of X.")


@cache
def _document() -> dict[str, Any]:
    return json.loads(DOCUMENT.read_text())


@cache
def _registry() -> Registry:
    return Registry().with_resource("x:", Resource(_document(), DRAFT4))


@cache
def _validator(schema: str) -> Draft4Validator:
    return Draft4Validator(
        json.loads(schema.replace('"#/', '"x:#/')),
        registry=_registry(),
    )


def _resolved(said: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in said:
        reference, said = said["$ref"], _document()
        for part in reference.removeprefix("#/").split("/"):
            said = said[part]
    return said


def _spelt_as_before(name: str, schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    values = schema.get("items", {}).get("enum")
    if name not in OLD_VALUES or not values:
        return name, schema
    kept = [value for value in values if not NEW_ONLY.search(value)]
    items = {**schema["items"], "enum": [*kept, *OLD_VALUES[name]]}
    return OLD_PARAMETER.get(name, name), {**schema, "items": items}


def _check_value(name: str, text: str, schema: dict[str, Any]) -> None:
    value: Any = text
    kind = schema.get("type")
    if kind == "array":
        value = text.split(",")
    elif kind == "integer" and re.fullmatch(r"-?\d+", text):
        value = int(text)
    elif kind == "boolean" and text in ("true", "false"):
        value = text == "true"
    elif schema.get("format") == "date-time" and not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", text
    ):
        raise invalid(
            name, text, f"The query parameter [{name}] is no time like YYYY-MM-DDTHH:mm:ssZ"
        )
    for error in _validator(json.dumps(schema)).iter_errors(value):
        raise invalid(name, text, f"The query parameter [{name}]: {error.message[:300]}")


def _read_body(request: Request, kind: str) -> Any:
    if kind == "multipart/form-data":
        return _read_form(request)
    try:
        return json.loads(request.raw)
    except ValueError:
        raise invalid("body", request.raw.decode(errors="replace"), "The body is no JSON") from None


def _read_form(request: Request) -> dict[str, Any]:
    """The fields of a form; files become text of one character a byte, as the schema wants text."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parsed = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.raw)
    fields: dict[str, Any] = {}
    for part in parsed.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True) or b""
        text = content.decode("latin-1")
        fields[name] = int(text) if name == "segment_index" and text.isdigit() else text
    return fields
