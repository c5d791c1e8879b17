"""The policy: what a company promises its customers, as one document that everybody can read.

    checked = check(text)          # every mistake with its place, and how its examples went
    policy = read(text, version)   # or Unfit

`document.py` says what may stand in the text.
"""

from __future__ import annotations

from sanderling.core.policy.conditions import Problem, Saying, Situation
from sanderling.core.policy.examples import Tried
from sanderling.core.policy.policy import PROMISES, Approval, Policy, Promise, Route
from sanderling.core.policy.whole import Checked, Unfit, check, read, shipped, shipped_text

__all__ = [
    "PROMISES",
    "Approval",
    "Checked",
    "Policy",
    "Problem",
    "Promise",
    "Route",
    "Saying",
    "Situation",
    "Tried",
    "Unfit",
    "check",
    "read",
    "shipped",
    "shipped_text",
]
