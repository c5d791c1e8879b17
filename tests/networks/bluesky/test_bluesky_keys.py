"""Record keys, offsets and points: what must hold for every text, key and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from atproto_client.models.string_formats import validate_tid
from hypothesis import given
from hypothesis import strategies as st

from sanderling.core.network import Throttled
from sanderling.networks.bluesky.facets import facets, handles
from sanderling.networks.bluesky.keys import LENGTH, LETTERS, record_key, written_at
from sanderling.networks.bluesky.points import CREATE, Points

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
times = st.integers(0, 7_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
pieces = st.sampled_from(
    ["@anna.test", "@brand", "@a.b-c.d", "https://x.example/a_(b)", "http://", "#tag", "#1", "#é",
     "＃日本", "(", ")", " ", "\n", "👩‍👩‍👧", "é", "ß", ".", "…", "@", "#", "\ud800", "a@b.c"]
)  # fmt: skip
texts = st.lists(st.one_of(pieces, st.text(max_size=5))).map("".join)


@given(st.text(), times)
def test_a_key_names_one_record_and_its_second(key, at):
    rkey = record_key(key, at)
    assert rkey == record_key(key, at)
    assert (len(rkey), set(rkey) <= set(LETTERS), rkey[0] <= "j") == (LENGTH, True, True)
    assert written_at(rkey).replace(microsecond=0) == at.replace(microsecond=0)


def test_two_keys_never_share_a_record():
    at = [NOW, NOW + timedelta(microseconds=1), None]
    keys = [(f"answer:{n}", when) for n in range(2_000) for when in at[:1]]
    keys += [(f"answer:{n}", None) for n in range(2_000)]
    assert len({record_key(key, when) for key, when in keys}) == len(keys)


def test_keys_sort_as_their_drafts_were_written():
    early, late = (record_key("same", NOW + timedelta(seconds=s)) for s in (0, 1))
    assert early < late


def test_a_key_is_one_that_the_protocol_allows():
    assert validate_tid(record_key("x", NOW), None)


@given(texts)
def test_facets_cut_no_character_and_never_overlap(text):
    raw = text.encode("utf-8", "surrogatepass")
    last = 0
    for facet in facets(text, dict.fromkeys(handles(text), "did:plc:someone")):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        assert last <= start < end <= len(raw)
        shown = raw[start:end].decode("utf-8", "surrogatepass")
        (feature,) = facet["features"]
        if "uri" in feature:
            assert shown == feature["uri"]
        elif "tag" in feature:
            assert shown[1:] == feature["tag"]
        else:
            assert shown.startswith("@")
        last = end


def features(text: str, **dids: str) -> list[tuple[str, str]]:
    raw = text.encode()
    known = {name.replace("_", "."): did for name, did in dids.items()}
    return [
        (raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(),
         next(v for k, v in f["features"][0].items() if k != "$type"))
        for f in facets(text, known)
    ]  # fmt: skip


def test_facets_find_people_links_and_tags_behind_any_letters():
    text = "Grüß 👩‍👩‍👧 @anna.test, see (https://n.example/a_(b)). #Störung!"
    assert features(text, anna_test="did:plc:anna") == [
        ("@anna.test", "did:plc:anna"),
        ("https://n.example/a_(b)", "https://n.example/a_(b)"),
        ("#Störung", "Störung"),
    ]


def test_what_means_nobody_and_nothing_stays_text():
    assert features("@nobody.test me@anna.test #1 http:// x#y", anna_test="did:plc:anna") == []


def test_points_of_an_hour_are_not_overspent():
    points = Points()
    for _ in range(1_666):
        points.spend(CREATE, NOW)
    with pytest.raises(Throttled) as told:
        points.spend(CREATE, NOW + timedelta(minutes=59))
    assert told.value.until == NOW + timedelta(hours=1)
    points.spend(CREATE, told.value.until)


@given(st.lists(st.integers(0, 400), max_size=300))
def test_points_of_a_day_are_not_overspent(waits):
    points, now, spent = Points(), NOW, []
    for wait in waits:
        now += timedelta(seconds=wait)
        try:
            points.spend(400, now)
        except Throttled as throttled:
            waited = throttled.until - now
        else:
            waited = timedelta(0)
            spent.append(now)
        assert waited >= timedelta(0)
    for at in spent:
        assert 400 * sum(at - timedelta(hours=1) < t <= at for t in spent) <= 5_000
        assert 400 * sum(at - timedelta(days=1) < t <= at for t in spent) <= 35_000
