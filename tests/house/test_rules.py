"""The house rules no linter knows, as patterns; each shows lines it passes and lines it stops."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest

from house.house import ROOT, SOURCE, texts
from sanderling.core import lives

SELF = "tests/house/test_rules.py"
AT_HOME = "/" + "work"  # spelled apart, for this file is searched as well
INDEX = "pypi" + ".org"


@dataclass(frozen=True)
class Rule:
    says: str
    pattern: str
    where: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    but_in: tuple[str, ...] = ()

    def breaks(self, line: str) -> bool:
        return re.search(self.pattern, line) is not None


PYTHON = ("src/*.py",)
PAGES = ("src/*.html", "src/*.jinja")
EVERYWHERE = ("*",)
CODE = ("*.py", "*.sql", "*.html", "*.jinja", "*.css", "*.js", "*.md", "Makefile")

RULES = [
    Rule(
        "Only store.moves changes a state.",
        r"\.state\s*=(?!=)|\.update\([^)]*\bstate=",
        PYTHON,
        good=("if row.state == was:", "filter(state=was)", "update(title=title)"),
        bad=('case.state = "open"', 'Case.objects.filter(id=1).update(state="open")'),
        but_in=("src/sanderling/store/moves.py", "src/sanderling/networks/"),
    ),
    Rule(
        "Only store.sql opens a cursor.",
        r"\.cursor\(",
        PYTHON,
        good=("account.cursor", "sql.fetch('cases/queue', {})"),
        bad=("with connection.cursor() as cursor:",),
        but_in=("src/sanderling/store/sql.py",),
    ),
    Rule(
        "Only networks speak HTTP, by the standard library too.",
        r"\b(urllib\.request|http\.client|urlopen)\b",
        PYTHON,
        good=("from urllib.parse import urlsplit",),
        bad=("import urllib.request", "from http.client import HTTPConnection"),
        but_in=("src/sanderling/networks/",),
    ),
    Rule(
        "No style or script inside a page: the content security policy refuses them.",
        r"""(?i)<style|\sstyle\s*=(?!"--[a-z])|<script(?![^>]*\bsrc=)|<[a-z][^>]*\son[a-z]+\s*=|javascript:""",
        PAGES,
        good=(
            '<script src="/static/desk.js"></script>',
            '<p class="style">on = 1</p>',
            '<i style="--left:40"></i>',
        ),
        bad=('<p style="color: red">', "<script>go()</script>", '<a onclick="go()">', "<style>"),
    ),
    Rule(
        "What is begun is finished.",
        r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + r"Error|assert Tru" + r"e\b",
        CODE,
        good=("the to-do list of an agent", "mastodon", "assert true_links"),
        bad=("# TO" + "DO: later", "raise NotImplemented" + "Error", "assert Tru" + "e"),
    ),
    Rule(
        "An exception from a check gives its reason beside it.",
        r"#\s*(type: ignore(\[[^\]]*\])?|noqa(: ?[A-Z0-9, ]+)?)\s*$",
        ("*.py",),
        good=("x = y  # type: ignore[misc]  # the stubs do not know it",),
        bad=("x = y  # type: ig" + "nore[misc]", "x = y  # no" + "qa: E501"),
    ),
    Rule(
        "A skipped test says why.",
        r"pytest\.skip\(\s*\)|mark\.skip\b(?!\()",
        ("tests/*.py",),
        good=('pytest.skip("mounting is not permitted here")',),
        bad=("pytest.skip" + "()", "@pytest.mark.ski" + "p"),
    ),
    Rule(
        "No address of a package index, and no option that names one.",
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|--(extra-)?index-url|--find-links",
        EVERYWHERE,
        good=("django==5.2.19 \\", "--no-emit-index-url", "https://www.python.org"),
        bad=(f"--index-url https://{INDEX}/simple", f"see {INDEX}/project/django"),
    ),
    Rule(
        "The project stands alone: no numbers of a tracker, nothing that lies beside it.",
        r"(?i)\bissues? #?\d+|\(#\d+\)|\.\./shared",
        ("src/*", "docs/*", "*.md", "Makefile"),
        good=("color: #123456", "one issue: 3 answers"),
        bad=("see issue 12", "fixed (#4)", "../shared/data"),
    ),
    Rule(
        "No path of the machine it was made on.",
        r"(^|[^A-Za-z0-9._-])/(?:work|farm|root)/",
        EVERYWHERE,
        good=("such as /var/lib/sanderling", "https://example.org/work/"),
        bad=(f"see {AT_HOME}/main", "/ro" + "ot/.venv"),
    ),
]


def ids(rule: Rule) -> str:
    return rule.says


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_the_rule_knows_a_good_line_from_a_bad_one(rule):
    assert [line for line in rule.good if rule.breaks(line)] == []
    assert [line for line in rule.bad if not rule.breaks(line)] == []


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_the_rule_is_kept(rule):
    broken = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts(*rule.where)
        if name != SELF and "/vendor/" not in name and not name.startswith(rule.but_in or ("\0",))
        for number, line in enumerate(text.splitlines(), 1)
        if rule.breaks(line)
    ]
    assert not broken, f"{rule.says}\n" + "\n".join(broken)


def test_no_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    found = [str(p.relative_to(ROOT)) for p in SOURCE.rglob("*") if p.stem in drawers]
    assert not found, "Name a module after what it does: " + ", ".join(found)


def test_every_module_says_what_it_is_for():
    silent = [
        name
        for name, text in texts("src/*.py")
        if text.strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert not [name for name in silent if "/migrations/" not in name]


def test_every_move_that_is_made_is_in_the_table_of_its_life():
    tables = {"CASE": lives.CASE, "HANDOVER": lives.HANDOVER, "INCIDENT": lives.INCIDENT,
              "OUTGOING": lives.OUTGOING}  # fmt: skip
    wrong = [
        f"{name}:{call.lineno}: {life} has no {move!r}"
        for name, text in texts("src/*.py")
        for call, life, move in _moves_in(ast.parse(text))
        if life in tables and move not in {word for _, word in tables[life].moves}
    ]
    assert not wrong, "\n".join(wrong)


def _moves_in(tree: ast.AST):
    for call in ast.walk(tree):
        match call:
            case ast.Call(
                func=ast.Name(id="advance") | ast.Attribute(attr="advance"),
                args=[_, ast.Name(id=life) | ast.Attribute(attr=life), ast.Constant(value=move)],
            ):
                yield call, life, move


def test_the_search_for_moves_finds_them():
    tree = ast.parse("moves.advance(case, lives.CASE, 'fly', by=1)\nadvance(x, OUTGOING, 'sent')")
    assert [(life, move) for _, life, move in _moves_in(tree)] == [
        ("CASE", "fly"),
        ("OUTGOING", "sent"),
    ]
