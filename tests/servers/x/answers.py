"""What comes in and goes out: a request as handlers see it, answers, and X's problem JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from servers.x.state import Person

TYPES = "https://api.x.com/2/problems/"


@dataclass
class Request:
    """One call. `path` are the values in the address, `query` those after it, `body` is JSON or a
    form; `user` is who signed in, with which `scopes`; None for the app's own token."""

    method: str
    url: str
    headers: dict[str, str]
    raw: bytes
    query: dict[str, str]
    operation: str = ""
    path: dict[str, str] = field(default_factory=dict)
    body: Any = None
    user: Person | None = None
    scopes: set[str] = field(default_factory=set)

    def listed(self, name: str) -> list[str]:
        """A comma-separated parameter."""
        return [part for part in self.query.get(name, "").split(",") if part]


@dataclass
class Answer:
    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        return b"" if self.content is None else json.dumps(self.content).encode()


class Problem(Exception):
    """A refusal as X writes it."""

    def __init__(self, status: int, title: str, detail: str = "", **more: Any) -> None:
        self.status = status
        kind = more.pop("kind", "")
        self.content = {
            "title": title,
            "detail": detail or title,
            "type": TYPES + kind if kind else "about:blank",
            "status": status,
            **more,
        }
        super().__init__(f"{status} {title}: {detail}")


def forbidden(detail: str, **more: Any) -> Problem:
    return Problem(403, "Forbidden", detail, **more)


def invalid(parameter: str, value: str, message: str) -> Problem:
    """X's answer to a request that does not fit."""
    return Problem(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        kind="invalid-request",
        errors=[{"parameters": {parameter: [value[:200]]}, "message": message}],
    )


def missing(kind: str, value: str, parameter: str = "id") -> dict[str, Any]:
    """The error inside an answer about something that is not there."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": TYPES + "resource-not-found",
    }
