"""Style sheets and scripts lose comments and blanks, and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sanderling.web import modules, trimming
from sanderling.web.static import FOLDER, SHEETS, files

SCRIPTS = sorted(FOLDER.glob("js/*.js"))
QUOTED = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''


def test_a_style_sheet_keeps_what_counts():
    text = """/* a note; with { } */
    .a   .b > :is(p, q) { content: "a  ;  /* b */";  color: red;  /* not "this */ }
    @media (width > 2px) and (height > 1px) { a { left: calc(1px + 2px) } }"""
    assert trimming.style(text) == (
        '.a .b > :is(p,q){content: "a  ;  /* b */";color: red;}'
        "@media (width > 2px) and (height > 1px){a{left: calc(1px + 2px)}}"
    )


def test_no_text_in_our_style_sheets_changes():
    whole = "".join((FOLDER / "css" / f"{name}.css").read_text() for name in SHEETS)
    bare = re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL)
    assert re.findall(QUOTED, trimming.style(whole)) == re.findall(QUOTED, bare)


def test_a_script_loses_comments_with_lines_of_their_own_and_what_its_lines_are_indented_by():
    text = "/* one\n   two */\nif (x) {\n  f(`  a`); // stays\n  // goes\n  /** goes */\n}\n"
    assert trimming.script(text) == "if (x) {\nf(`  a`); // stays\n}\n"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_text_of_a_script_of_ours_goes_over_several_lines(path):
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert not [text for text in re.findall(r"`[^`]*`", code) if "\n" in text]


def test_every_trimmed_script_is_still_a_script(tmp_path):
    node = Path(sys.executable).with_name("node")
    if not node.exists():
        pytest.skip("Node.js is not installed here")
    for path in SCRIPTS:
        trimmed = tmp_path / f"{path.stem}.mjs"
        trimmed.write_text(trimming.script(path.read_text()))
        told = subprocess.run([node, "--check", trimmed], capture_output=True, text=True)
        assert told.returncode == 0, told.stderr


def test_a_page_names_all_that_its_scripts_import():
    told = modules.ahead(f'<script src="{files().address("js/desk.js")}"></script>')
    named = re.findall(r'href="/static/\w+/([^"]+)"', told)
    assert {"js/page.js", "js/stream.js", "js/composer.js", "js/weigh.js"} <= set(named)
    assert "vendor/idiomorph@0.8.0/idiomorph.min.js" in named
    assert "js/desk.js" not in named
    assert len(named) == len(set(named))
    assert set(named) <= files().names
