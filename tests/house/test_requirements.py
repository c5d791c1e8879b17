"""What the program imports is declared, pinned and hashed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from house.house import ROOT, texts

CORE_MAY_USE = {
    *("ahocorasick_rs", "msgspec", "numpy", "regex", "sanderling"),
    *("onnxruntime", "scipy", "tokenizers"),  # to judge by
    *("cel_expr_python", "holidays"),  # to ask a policy
}
ONLY_TO_TRAIN = {"torch"}
"""Wanted by `sanderling triage train` alone, and declared as an extra."""


def imported(*patterns: str) -> set[str]:
    """The packages that modules import, the standard library left out."""
    found = set()
    for _, text in texts(*patterns):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names)


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {_plain(re.split(r"[^\w.-]", need)[0]) for need in project["dependencies"]}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_that_the_program_imports_is_declared():
    provides = packages_distributions()
    missing = {
        package
        for package in imported("src/*.py") - {"sanderling"} - ONLY_TO_TRAIN
        if not {_plain(name) for name in provides.get(package, [package])} & declared()
    }
    assert not missing


def test_what_only_training_needs_is_imported_there_alone():
    modules = {name for name, text in texts("src/*.py") if re.search(r"^import torch", text, re.M)}
    assert modules
    assert all("/training/" in name for name in modules)


def test_core_uses_only_what_it_may():
    assert imported("src/sanderling/core/*.py") <= CORE_MAY_USE


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_every_requirement_is_pinned_with_its_hashes(lock):
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    pinned = re.findall(r"^([\w.-]+)==\S+( ; [^\\]+)? \\\n( +--hash=sha256:\w{64})", text, re.M)
    assert len(pinned) == len(re.findall(r"^\w", text, re.M))
    assert declared() <= {_plain(name) for name, _, _ in pinned}
    assert "://" not in text
