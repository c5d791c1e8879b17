"""The benchmark of the policy asks a policy that fits, and counts what it says."""

from __future__ import annotations

from sanderling.bench import policy
from sanderling.core.policy import check


def test_the_policy_that_is_measured_fits_and_has_so_many_rules():
    found = check(policy.written(50))
    assert not found.problems
    assert len(found.policy.document.goals) + len(found.policy.document.routes) == 51


def test_the_benchmark_reports_its_figures():
    found = policy.run(rules=5)
    assert found["verdicts_per_s"] > 0
    assert found["promises_per_verdict"] == 4
    assert {"approvals_per_s", "check_s", "loop_per_s", "rules"} <= set(found)
