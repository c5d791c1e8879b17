"""A recording goes down the river, as often as one likes, and is summed up truthfully."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import time
import tracemalloc
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanderling.cases.models import Case, Clock, Placement
from sanderling.listen.models import Account, Identity, RawPage
from sanderling.listen.models import Post as StoredPost
from sanderling.replay import playing
from sanderling.replay.playing import CannotExport, replay
from sanderling.replay.recording import Broken, NotARecording, Recorded, moment, read

LATEST = datetime(2026, 3, 10, tzinfo=UTC)
DAY = 24 * 60
COLUMNS = [
    "tweet_id",
    "author_id",
    "inbound",
    "created_at",
    "text",
    "response_tweet_id",
    "in_response_to_tweet_id",
]
CONVERSATION = [
    # id, author, inbound, minutes after noon, text, response ids, in reply to
    ("1", "701", True, 0, "@NorthwindCare my phone is dead, please help", "2", ""),
    ("2", "NorthwindCare", False, 10, "@701 Sorry to hear it. Which model? ^AB", "3", "1"),
    ("3", "701", True, 20, "@NorthwindCare the N5, it does not charge", "4", "2"),
    ("4", "NorthwindCare", False, 60, "@701 Please send us a message ^AB", "", "3"),
    ("5", "702", True, 30, "@NorthwindCare why is my bill wrong again?", "6,7", ""),
    ("6", "NorthwindCare", False, 60, "@702 Let us look into it ^CD", "", "5"),
    ("7", "703", True, 40, "@702 @NorthwindCare same here, nothing works", "", "5"),
]
SPOTIFY = Path(
    os.environ.get("SANDERLING_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"),
    "twcs_spotify",
    "data.jsonl.gz",
)


class Onlooker:
    """Keeps what a replay tells."""

    def __init__(self) -> None:
        self.told = []
        self.lines = []

    def moved(self, so_far) -> None:
        self.told.append(so_far)

    def skipped(self, line) -> None:
        self.lines.append((line.line, line.what))


def at(minutes: float) -> datetime:
    return datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(minutes=minutes)


def jsonl(rows) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def as_jsonl(conversation=CONVERSATION, **more) -> str:
    return jsonl(
        {
            "id": id_,
            "author": author,
            "inbound": inbound,
            "created_at": at(m).isoformat(),
            "text": text,
            "response_ids": answers,
            "in_reply_to": parent or None,
            **more,
        }
        for id_, author, inbound, m, text, answers, parent in conversation
    )


def as_csv(conversation=CONVERSATION) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for id_, author, inbound, m, text, answers, parent in conversation:
        when = at(m).strftime("%a %b %d %H:%M:%S +0000 %Y")
        rows.writerow([id_, author, inbound, when, text, answers, parent])
    return out.getvalue()


@pytest.fixture
def run(tmp_path):
    """Replays a text as a file; gives the summary."""

    began = time.monotonic()

    def clock() -> datetime:
        return LATEST + timedelta(seconds=time.monotonic() - began)

    def replayed(text: str | bytes, *, export=None, speed=None, watcher=None, clock=clock):
        path = tmp_path / "recording"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return replay(path, speed=speed, export=export, watcher=watcher or Onlooker(), clock=clock)

    return replayed


def lines_of(tmp_path, text: str | bytes) -> list:
    path = tmp_path / "lines"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read(path, latest=LATEST))


def exported(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def desk() -> dict:
    """Everything a replay may change, by names that do not depend on the order of arrival."""
    said = dict(StoredPost.objects.values_list("pk", "remote_id"))
    members = defaultdict(set)
    for p in Placement.objects.exclude(case=None):
        members[p.case_id].add((said[p.post_id], p.role))
    alive = Case.objects.exclude(state="merged")
    return {
        "posts": sorted(
            StoredPost.objects.values_list(
                "remote_id", "direction", "author__remote_id", "account__remote_id", "text"
            )
        ),
        "cases": sorted((c.state, sorted(members[c.pk])) for c in alive),
        "clocks": sorted(
            (said[k.turn_id], k.kind, k.due_at, str(k.met_at))
            for k in Clock.objects.filter(case__in=alive, void_at=None)
        ),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        as_jsonl(),
        as_jsonl(brand="NorthwindCare"),
        as_csv(),
        gzip.compress(as_csv().encode()),
        gzip.compress(as_jsonl().encode()),
        "\ufeff" + as_csv(),
        as_jsonl().replace('"inbound": true, ', "").replace('"inbound": false, ', ""),
    ],
    ids=["json", "json-brand", "csv", "csv-gz", "json-gz", "csv-bom", "json-without-inbound"],
)
def test_every_form_of_a_recording_tells_the_same_story(run, text):
    summary = run(text)
    assert (summary.read, summary.taken_in, summary.repeated, summary.skipped) == (7, 7, 0, 0)
    assert (summary.cases, summary.answered, summary.open) == (3, 2, 1)
    assert summary.first_answer_p50_min == 20.0  # of 10 and 30
    assert summary.first_answer_p90_min == 28.0
    assert summary.posts_per_s > 0
    assert summary.peak_mb > 10
    assert list(Account.objects.values_list("network", "remote_id", "handle", "address")) == [
        ("replay", "northwindcare", "NorthwindCare", "")
    ]
    assert sorted(members for _, members in desk()["cases"]) == [
        [("1", "requester"), ("2", "us"), ("3", "requester"), ("4", "us")],
        [("5", "requester"), ("6", "us")],
        [("7", "requester")],
    ]


@pytest.mark.django_db
def test_the_summary_has_just_the_keys_that_others_count_on(run):
    assert list(run(as_csv()).__struct_fields__) == [
        "read",
        "taken_in",
        "repeated",
        "skipped",
        "cases",
        "answered",
        "open",
        "first_answer_p50_min",
        "first_answer_p90_min",
        "posts_per_s",
        "peak_mb",
    ]


@pytest.mark.django_db
def test_the_brands_own_posts_are_native_replies(run):
    run(as_csv())
    origins = dict(StoredPost.objects.values_list("remote_id", "origin"))
    assert origins == {
        "1": "customer",
        "2": "native",
        "3": "customer",
        "4": "native",
        "5": "customer",
        "6": "native",
        "7": "customer",
    }


@pytest.mark.django_db
def test_a_case_in_which_the_customer_wrote_again_is_answered_and_open(run):
    again = ("8", "702", True, 90, "@NorthwindCare and my bill is still wrong, why?", "", "6")
    summary = run(as_csv([*CONVERSATION, again]))
    assert (summary.cases, summary.answered, summary.open) == (3, 2, 2)


@pytest.mark.django_db
def test_an_answer_to_a_post_that_is_missing_goes_to_the_customer_it_begins_with(run):
    run(as_csv([CONVERSATION[0], ("9", "NorthwindCare", False, 5, "@701 We are on it", "", "0")]))
    assert desk()["cases"] == [("waiting", [("1", "requester"), ("9", "us")])]


@pytest.mark.django_db
@pytest.mark.parametrize(("hint", "cases"), [("2", 1), ("", 2)])
def test_a_known_answer_joins_posts_though_the_answer_itself_is_missing(run, hint, cases):
    summary = run(
        as_csv(
            [
                ("1", "701", True, -300 * DAY, "@NorthwindCare my phone is dead, why?", hint, ""),
                ("3", "701", True, 0, "@NorthwindCare it is dead again, why?", "", "2"),
            ]
        )
    )
    assert summary.cases == cases


@pytest.mark.django_db
def test_running_a_file_twice_changes_nothing(run, tmp_path):
    first = run(as_jsonl(), export=tmp_path / "one.csv")
    before = desk()
    second = run(as_jsonl(), export=tmp_path / "two.csv")
    assert desk() == before
    assert (second.read, second.taken_in, second.repeated) == (7, 0, 7)
    for same in ("cases", "answered", "open", "first_answer_p50_min", "first_answer_p90_min"):
        assert getattr(second, same) == getattr(first, same)
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()


@pytest.mark.django_db
def test_the_recording_itself_is_not_kept_a_second_time(run):
    run(as_csv())
    assert not RawPage.objects.exists()


@pytest.mark.django_db
def test_threads_are_exported_for_every_post_in_a_case(run, tmp_path):
    thanks = ("8", "704", True, 50, "@NorthwindCare thank you!", "", "")
    run(as_csv([*CONVERSATION, thanks]), export=tmp_path / "threads.csv")
    header, *rows = exported(tmp_path / "threads.csv")
    assert header == ["id", "case"]
    case = dict(rows)
    assert set(case) == {"1", "2", "3", "4", "5", "6", "7"}
    assert case["1"] == case["2"] == case["3"] == case["4"]
    assert case["5"] == case["6"] != case["7"]
    assert [f.name for f in tmp_path.iterdir() if f.name.startswith(".")] == []


@pytest.mark.django_db
def test_exported_threads_follow_merged_cases_to_the_one_that_lives(run, tmp_path):
    run(as_csv())
    middle, last = Case.objects.exclude(requester__remote_id="701")
    first = Case.objects.get(requester__remote_id="701")
    Case.objects.filter(pk=first.pk).update(state="merged", merged_into=middle)
    Case.objects.filter(pk=middle.pk).update(state="merged", merged_into=last)
    summary = run(as_csv(), export=tmp_path / "threads.csv")
    _, *rows = exported(tmp_path / "threads.csv")
    assert {case for _, case in rows} == {str(last.pk)}
    assert summary.cases == 1


@pytest.mark.django_db
def test_threads_are_exported_whole_though_read_in_batches(run, tmp_path, monkeypatch):
    monkeypatch.setattr("sanderling.cases.recap.BATCH", 2)
    run(as_csv(), export=tmp_path / "threads.csv")
    assert len((tmp_path / "threads.csv").read_text().splitlines()) == 8


@pytest.mark.django_db
def test_an_export_that_cannot_be_written_is_refused_before_anything_is_done(run, tmp_path):
    with pytest.raises(CannotExport, match="cannot be written: No such file or directory"):
        run(as_csv(), export=tmp_path / "nowhere" / "threads.csv")
    assert not StoredPost.objects.exists()


TANGLED = [
    ("1", "701", True, -120 * DAY, "@NorthwindCare my phone is dead, please help", "2", ""),
    ("2", "NorthwindCare", False, 10 - 120 * DAY, "Sorry to hear it. Which model?", "3", "1"),
    ("3", "701", True, -65 * DAY, "@NorthwindCare the N5, it does not charge", "4", "2"),
    ("4", "NorthwindCare", False, 5 - 65 * DAY, "@701 Please send a message", "", "3"),
    ("5", "701", True, -10 * DAY, "@NorthwindCare why is my bill wrong?", "", ""),
    ("6", "702", True, 30, "@NorthwindCare why is my bill wrong again?", "7", ""),
    ("7", "NorthwindCare", False, 60, "Let us look into it", "8", "6"),
    ("8", "NorthwindCare", False, 61, "2/2 and get back to you", "9", "7"),
    ("9", "702", True, 62, "@NorthwindCare thanks", "", "8"),
]


@pytest.mark.django_db
@given(order=st.permutations(TANGLED), page=st.integers(1, 9))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_order_of_lines_does_not_change_the_threads(run, monkeypatch, order, page):
    expected = _undone(lambda: run(as_csv(TANGLED)), monkeypatch, page=500)
    assert [len(posts) for _, posts in expected["cases"]] == [1, 4, 4]
    assert _undone(lambda: run(as_csv(order)), monkeypatch, page=page) == expected


def _undone(act, monkeypatch, *, page: int) -> dict:
    """What the desk is after `act`, which is then taken back."""
    monkeypatch.setattr(playing, "PAGE", page)
    with transaction.atomic():
        act()
        seen = desk()
        transaction.set_rollback(True)
    return seen


@pytest.mark.django_db
def test_broken_lines_are_named_counted_and_skipped(run):
    good = as_jsonl().splitlines()
    broken = [
        "{not json",
        '{"id": 8}',
        '{"id": 9, "author": "a", "created_at": "soon", "text": ""}',
    ]
    watcher = Onlooker()
    summary = run(
        "\n".join([broken[0], *good[:3], "", broken[1], *good[3:], broken[2]]), watcher=watcher
    )
    assert [line for line, _ in watcher.lines] == [1, 6, 11]
    assert "malformed" in watcher.lines[0][1]
    assert "author" in watcher.lines[1][1]
    assert watcher.lines[2][1] == "created_at is 'soon', which is no time"
    assert (summary.read, summary.skipped, summary.cases) == (7, 3, 3)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"id": ""}, "id is missing"),
        ({"id": "a\0b"}, "id is no id"),
        ({"id": "9" * 201}, "id is no id"),
        ({"author": None}, "author"),
        ({"text": 7}, "text"),
        ({"created_at": "2026-13-01"}, "created_at is '2026-13-01'"),
        ({"created_at": "2026-03-12"}, "in the future"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "out of range"),
        ({"inbound": "perhaps"}, "inbound is 'perhaps'"),
        ({"followers": -1}, "followers"),
        ({"followers": 2**31}, "followers"),
        ({"in_reply_to": "x" * 201}, "in_reply_to is no id"),
        ({"text": "a" * 2**20}, "longer than"),
    ],
)
def test_a_line_is_broken_where_it_says_what_cannot_be(tmp_path, change, what):
    line = {"id": "1", "author": "a", "created_at": "2026-03-02", "text": "x"}
    (found,) = lines_of(tmp_path, jsonl([{**line, **change}]))
    assert isinstance(found, Broken)
    assert what in found.what
    assert len(found.what) <= 200


@pytest.mark.parametrize(
    ("extra", "answers"),
    [
        ({"response_ids": "2,3"}, ("2", "3")),
        ({"response_ids": [2, "3"]}, ("2", "3")),
        ({"response_ids": 2}, ("2",)),
        ({"response_ids": 2.0}, ("2",)),
        ({"response_ids": ""}, ()),
        ({"response_ids": None}, ()),
        ({}, ()),
    ],
)
def test_json_may_say_ids_as_numbers_and_answers_as_text_or_list(tmp_path, extra, answers):
    (found,) = lines_of(
        tmp_path,
        jsonl(
            [
                {
                    "id": 1,
                    "author": 7,
                    "created_at": "2026-03-02T13:00:00+01:00",
                    "text": "x",
                    "in_reply_to": 5,
                    "followers": 12,
                    **extra,
                }
            ]
        ),
    )
    assert found == Recorded("1", "7", at(0), "x", "5", answers, None, None, 12)


@pytest.mark.parametrize(
    "text",
    [
        "Mon Mar 02 12:00:00 +0000 2026",
        "2026-03-02T12:00:00",
        "2026-03-02 12:00:00Z",
        "2026-03-02T13:30:00+01:30",
        "Mon Mar 2 07:00:00 -0500 2026",
    ],
)
def test_times_are_understood_in_both_forms_and_without_a_zone_are_utc(text):
    assert moment(text) == at(0)


def test_a_text_with_line_breaks_and_quotes_is_one_row(tmp_path):
    text = 'it says "no service"\nagain,\nand again'
    head, *rest = CONVERSATION
    found = lines_of(tmp_path, as_csv([(*head[:4], text, *head[5:]), *rest]))
    assert found[0].text == text
    assert len(found) == 7


def test_a_quote_that_is_never_closed_spoils_only_its_own_line(tmp_path):
    lines = as_csv().splitlines()
    lines.insert(3, '77,701,True,Mon Mar 02 12:00:00 +0000 2026,"never closed,,')
    found = lines_of(tmp_path, "\n".join(lines))
    assert [f.id for f in found if isinstance(f, Recorded)] == list("1234567")
    assert [f.line for f in found if isinstance(f, Broken)] == [4]


def test_csv_columns_may_stand_in_any_order_and_short_rows_are_broken(tmp_path):
    text = (
        "text,tweet_id,author_id,created_at,inbound,in_response_to_tweet_id\n"
        "hi,1,a,2026-03-02T12:00:00,True,\n"
        "hi,1\n"
    )
    good, broken = lines_of(tmp_path, text)
    assert good == Recorded("1", "a", at(0), "hi", None, (), None, True, None)
    assert broken == Broken(3, "it has 2 fields where the first line names 6")


def test_a_line_that_is_not_utf8_is_broken_and_the_next_one_is_not(tmp_path):
    for text in (as_jsonl(), as_csv()):
        damaged = text.encode().replace(b"please", b"pl\xffase", 1)
        found = lines_of(tmp_path, damaged)
        assert [f.what for f in found if isinstance(f, Broken)] == ["it is not written in UTF-8"]
        assert len(found) == 7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "is empty"),
        (b"name,phone\nLena,555\n", "No post was found in the file; line 2"),
        (b'{"tweet": 1}\n' * 5, "Object missing required field"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "No post was found"),
        (b"tweet_id,text\n1,hello\n", "No post was found"),
        (",".join(COLUMNS).encode() + b"\n", "it holds no lines"),
        (gzip.compress(as_csv().encode())[:-20], "cannot be read to its end"),
        (b"\x1f\x8bnothing packed", "cannot be read to its end"),
    ],
)
def test_what_is_no_recording_is_refused_and_nothing_is_changed(run, tmp_path, content, found):
    with pytest.raises(NotARecording, match=found) as refusal:
        run(content, export=tmp_path / "threads.csv")
    assert [f.name for f in tmp_path.iterdir()] == ["recording"]
    if "to its end" not in found:
        assert "id, author, created_at, text" in str(refusal.value)
        assert "tweet_id, author_id, inbound" in str(refusal.value)
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    for path, why in ((tmp_path / "gone", "does not exist"), (tmp_path, "no ordinary file")):
        with pytest.raises(NotARecording, match=why):
            replay(path, speed=None, export=None, watcher=Onlooker(), clock=lambda: LATEST)


@pytest.mark.django_db
def test_the_wrong_way_round_is_noticed_before_every_customer_becomes_a_brand(run):
    rows = [(str(n), f"7{n}", False, 0, "help", "", "") for n in range(1_001)]
    with pytest.raises(NotARecording, match="wrong way"):
        run(as_csv(rows))
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_customers_of_two_brands_in_one_file_are_kept_apart(run):
    run(
        as_csv(
            [
                ("1", "701", True, 0, "@NorthwindCare my phone is dead, please help", "", ""),
                ("2", "701", True, 1, "@77 @southair my flight is late, why?", "3", ""),
                ("3", "SouthAir", False, 2, "@701 Sorry", "", "2"),
                ("4", "NorthwindCare", False, 3, "We are here again", "", ""),
            ]
        )
    )
    assert sorted(Case.objects.values_list("account__handle", "requester__remote_id")) == [
        ("NorthwindCare", "701"),
        ("SouthAir", "701"),
    ]


@pytest.mark.django_db
def test_a_brand_nobody_names_is_the_one_that_is_mentioned_most(run):
    run(
        jsonl(
            {"id": n, "author": f"c{n}", "created_at": at(n).isoformat(), "text": text}
            for n, text in enumerate(
                [
                    "@lena @NorthwindCare help me please, it is broken",
                    "@77 @NorthwindCare it is broken",
                    "@77 it is broken",
                    "@NorthwindCare it is broken",
                    "@NorthwindCare why?",
                ]
            )
        )
    )
    assert list(Account.objects.values_list("handle", flat=True)) == ["NorthwindCare"]
    assert Case.objects.count() == 5


@pytest.mark.django_db
def test_followers_reach_the_desk(run):
    run(as_jsonl(CONVERSATION[:1], followers=4_321))
    assert Identity.objects.get(remote_id="701").followers == 4_321


@pytest.mark.django_db
def test_ctrl_c_ends_with_the_summary_so_far(run, monkeypatch, tmp_path):
    monkeypatch.setattr(playing, "PAGE", 3)

    class Impatient(Onlooker):
        def moved(self, so_far) -> None:
            if so_far.read:
                raise KeyboardInterrupt

    summary = run(as_csv(), watcher=Impatient(), export=tmp_path / "threads.csv")
    assert (summary.read, summary.taken_in, summary.cases) == (3, 3, 1)
    assert len((tmp_path / "threads.csv").read_text().splitlines()) == 4


@pytest.mark.django_db
def test_progress_counts_up_to_all_posts_and_recorded_time_never_runs_back(run, monkeypatch):
    monkeypatch.setattr(playing, "PAGE", 2)
    watcher = Onlooker()
    run(as_csv(), watcher=watcher)
    assert [p.read for p in watcher.told] == [0, 2, 4, 6, 7]
    assert {p.of for p in watcher.told} == {7}
    times = [p.at for p in watcher.told[1:]]
    assert times == sorted(times) == [at(10), at(60), at(60), at(60)]


class Dial:
    """A clock that only sleeping moves on; notes how long each sleep was."""

    def __init__(self) -> None:
        self.slept = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def __call__(self) -> datetime:
        return LATEST + timedelta(seconds=sum(self.slept))


@pytest.mark.django_db
def test_recorded_time_passes_at_the_speed_asked_for_and_never_backwards(run, monkeypatch):
    dial = Dial()
    monkeypatch.setattr(time, "sleep", dial.sleep)
    rows = [
        (str(n), "701", True, m - 300, "@NorthwindCare help", "", "")
        for n, m in enumerate((0, 60, 30, 60, 90))
    ]
    run(as_csv(rows), speed=60.0, clock=dial)
    assert dial.slept == [60, 30]


@pytest.mark.django_db
def test_a_silence_of_weeks_passes_like_one_of_a_day(run, monkeypatch):
    dial = Dial()
    monkeypatch.setattr(time, "sleep", dial.sleep)
    rows = [
        (str(n), "701", True, -m * DAY, "@NorthwindCare help", "", "")
        for n, m in enumerate((70, 3))
    ]
    run(as_csv(rows), speed=24.0, clock=dial)
    assert dial.slept == [3_600]


@pytest.mark.django_db
def test_what_is_not_yet_due_is_really_waited_for(run):
    began = time.monotonic()
    run(as_csv(CONVERSATION[:2]), speed=3_000)  # ten minutes in 0.2 s
    assert time.monotonic() - began >= 0.19


def test_reading_needs_the_same_memory_for_any_size(tmp_path):
    line = as_jsonl(CONVERSATION[:1]).encode()
    path = tmp_path / "long.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(100):
            file.write(line * 300)
    tracemalloc.start()
    count = sum(1 for _ in read(path, latest=LATEST))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 30_000
    assert peak < 2_000_000 < 100 * 300 * len(line)


@pytest.mark.django_db
@pytest.mark.parametrize("hint", [True, False], ids=["with-the-hint", "without-the-hint"])
def test_the_true_threads_of_a_real_brand_are_found(run, tmp_path, hint):
    if not SPOTIFY.exists():
        pytest.skip(f"the recording {SPOTIFY} is not here (SANDERLING_TEST_DATA names the folder)")
    with gzip.open(SPOTIFY, "rt") as file:
        posts = [json.loads(line) for line in file]
    told = posts if hint else [{k: v for k, v in p.items() if k != "response_ids"} for p in posts]
    summary = run(jsonl(told), export=tmp_path / "threads.csv")
    assert (summary.read, summary.taken_in, summary.skipped) == (15_096, 15_096, 0)
    case = dict(exported(tmp_path / "threads.csv"))
    links = list(_true_links(posts))
    assert len(links) == 4_946
    assert sum(a in case and case.get(a) == case.get(b) for a, b in links) >= 0.99 * len(links)
    requesters = defaultdict(set)
    for post in posts:
        requesters[case.get(post["id"])].add(post["author"])
    del requesters[None]
    assert max(map(len, requesters.values())) == 1


def _true_links(posts):
    """Pairs of posts of one customer: the answer to the first is what the second replies to."""
    answered = defaultdict(list)
    for post in posts:
        for answer in filter(None, (post["response_ids"] or "").split(",")):
            answered[answer].append(post)
    for post in posts:
        for earlier in answered[post["in_reply_to"]]:
            if earlier["author"] == post["author"]:
                yield earlier["id"], post["id"]
