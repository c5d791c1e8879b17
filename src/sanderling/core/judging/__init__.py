"""The judge: whether a post needs us, what it is, how it sounds, how soon it must be seen, and why.

This one goes by rules and a lexicon; docs/triage.md says how well. Whatever comes after it keeps
`judge` and gives itself another name in `JUDGE`.
"""

from sanderling.core.judging.rules import JUDGE, judge

__all__ = ["JUDGE", "judge"]
