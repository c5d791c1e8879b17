"""The report of two judges: its figures are those of the posts, its pictures can be read."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

import msgspec
import pytest

from sanderling.core.judging.careful import careful
from sanderling.core.judging.posts import Invented, invented
from sanderling.core.judging.weights import fast
from sanderling.core.verdict import Flag, Tone
from sanderling.training import pictures
from sanderling.training.report import Report, card, drawn, report, write
from sanderling.training.sets import Example

SVG = "{http://www.w3.org/2000/svg}"


def examples() -> list[Example]:
    """Invented posts that are held back, in two languages, with labels of ours."""
    return [
        Example(post.text, post.lang, labels_of(post), held_back=True, source="invented")
        for post in invented()
        if post.held_back and post.lang in ("en", "de")
    ]


def labels_of(post: Invented) -> dict[str, str]:
    flags = {flag.value: "yes" if flag.value in post.flags else "no" for flag in Flag}
    return {"kind": post.kind, "tone": Tone(post.tone).name.lower(), **flags}


@pytest.fixture(scope="module")
def found() -> Report:
    return report(examples(), fast(), careful())


def test_every_question_is_told_over_all_by_set_and_by_language(found):
    for judge in ("fast", "careful"):
        whole = found.figure(judge, "kind")
        assert whole is not None
        assert whole.n == len(examples())
        assert found.figure(judge, "kind", source="invented").value == whole.value
        parts = [found.figure(judge, "kind", lang=lang) for lang in ("en", "de")]
        assert sum(part.n for part in parts) == whole.n
        assert found.posts_per_cpu_s[judge] > 0
    assert found.figure("fast", "irony") is None


def test_figures_follow_from_the_confusions(found):
    for matrix in found.confusions:
        counts = matrix.table
        right = sum(counts[i][i] for i in range(len(counts)))
        asked = (matrix.judge, matrix.task)
        bins = next(r.bins for r in found.reliabilities if (r.judge, r.task) == asked)
        assert sum(map(sum, counts)) == sum(b.n for b in bins) == len(examples())
        assert sum(b.right * b.n for b in bins) == pytest.approx(right, abs=0.1)
        assert all(0 <= b.right <= 1 and 0 < b.sure <= 1 for b in bins)


def test_labels_turned_round_are_seen(found):
    """A report that flattered whatever it is given would show it here."""
    turned = [
        replace(e, labels=e.labels | {"kind": "praise" if e.labels["kind"] == "spam" else "spam"})
        for e in examples()
    ]
    worse = report(turned, fast(), careful())
    for judge in ("fast", "careful"):
        assert worse.figure(judge, "kind").value < found.figure(judge, "kind").value / 2


def test_flags_found_and_wrong_are_counted_over_those_there_are(found):
    real = sum(e.labels["safety"] == "yes" for e in examples())
    said = [f for f in found.flags if f.flag == "safety"]
    assert {f.n for f in said} == {real}
    assert all(0 <= f.found <= f.n for f in found.flags)
    assert all(0 <= f.wrong <= len(examples()) - f.n for f in found.flags)


def test_what_is_written_can_be_read_again(found, tmp_path):
    write(found, tmp_path)
    again = msgspec.json.decode((tmp_path / "report.json").read_bytes(), type=Report)
    assert again == found
    told = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert told == card(found)
    value = found.figure("careful", "tone").value
    assert f"{value:.1f}" in next(x for x in told.splitlines() if x.startswith("| tone"))
    assert {p.name for p in tmp_path.glob("*.svg")} == set(drawn(found))


def test_pictures_are_svg_with_text_as_text(found):
    for name, picture in drawn(found).items():
        root = Xml.fromstring(picture)
        width, height = (float(root.attrib[side]) for side in ("width", "height"))
        assert any("fast" in (text.text or "") for text in root.iter(f"{SVG}text")), name
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("x", 0)) <= width
            assert 0 <= float(text.get("y", 0)) <= height


def test_a_confusion_is_drawn_in_shares_of_its_row():
    drawn = pictures.confusion("kind", ("a<b", "c"), {"fast": [[3, 1], [0, 0]]})
    root = Xml.fromstring(drawn)
    told = [text.text for text in root.iter(f"{SVG}text")]
    assert told.count("a<b") == 2
    assert "75" in told
    assert "25" in told
    cells = [float(c.attrib["fill-opacity"]) for c in root.iter(f"{SVG}rect") if "x" in c.attrib]
    assert len(cells) == 4
    assert cells[0] == max(cells)
