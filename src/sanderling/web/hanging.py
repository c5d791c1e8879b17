"""What hangs on a case besides its story, as its page shows it: who else must move, questions,
promises, linked cases, and what can be done with praise."""

from __future__ import annotations

from typing import Any

from sanderling.cases.attention import matters
from sanderling.cases.belonging import of_case
from sanderling.cases.praising import praised
from sanderling.cases.queries import CasePage, cases_of
from sanderling.respond.liking import can_like
from sanderling.web.asking import WAITS
from sanderling.wiring import network_for


def hanging(case: CasePage) -> dict[str, Any]:
    """The facts that parts/matters.html and parts/more.html need."""
    cases = cases_of(case.id)
    praise = praised(cases) if case.kind == "praise" else None
    likes = praise is not None and not praise.liked and can_like(network_for(case.account_id))
    return {
        "hangs": matters(cases), "belongs": of_case(case.id), "praise": praise, "likes": likes,
        "waits": WAITS,
    }  # fmt: skip
