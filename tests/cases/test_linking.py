"""Cases that belong together."""

from __future__ import annotations

import pytest

import factories
from sanderling.cases import linking
from sanderling.cases.attention import matters
from sanderling.cases.models import Link
from sanderling.cases.queries import NoSuchCase
from sanderling.store.models import Move

pytestmark = pytest.mark.django_db
NOW = factories.NOW


@pytest.fixture
def desk():
    account, ada = factories.account(), factories.agent("Ada Lund")
    return [factories.case(account, factories.identity(n)) for n in ("Jo", "Lu", "Mo")], ada


def link(one, other, ada, why="the same parcel"):
    linking.link(one=one.pk, other=other.pk, why=why, by=ada.pk, now=NOW)


def unlink(one, other, ada):
    linking.unlink(one=one.pk, other=other.pk, by=ada.pk, now=NOW)


def linked(case):
    return [(found.case, found.customer, found.why) for found in matters([case.pk]).links]


def test_a_link_is_told_from_both_sides_whichever_was_named_first(desk):
    (jo, lu, mo), ada = desk
    link(lu, jo, ada)
    assert linked(jo) == [(lu.pk, "Lu", "the same parcel")]
    assert linked(lu) == [(jo.pk, "Jo", "the same parcel")]
    assert linked(mo) == []
    notes = dict(Move.objects.filter(move="link").values_list("row", "note"))
    assert notes == {jo.pk: f"case {lu.pk}: the same parcel",
                     lu.pk: f"case {jo.pk}: the same parcel"}  # fmt: skip


def test_a_link_is_undone_and_made_again_and_all_of_it_is_history(desk):
    (jo, lu, _), ada = desk
    link(jo, lu, ada)
    unlink(lu, jo, ada)
    assert linked(jo) == linked(lu) == []
    link(jo, lu, ada, "after all")
    assert Link.objects.count() == 2
    assert Link.objects.exclude(until=None).get().until_by == ada


def test_what_cannot_be_linked_is_refused_in_words(desk):
    (jo, lu, mo), ada = desk
    with pytest.raises(linking.NotLinked, match="with itself"):
        link(jo, jo, ada)
    with pytest.raises(linking.NotLinked, match="Say why"):
        link(jo, lu, ada, " \n")
    link(jo, lu, ada)
    with pytest.raises(linking.NotLinked, match="linked already"):
        link(lu, jo, ada)
    with pytest.raises(NoSuchCase):
        linking.link(one=jo.pk, other=0, why="x", by=ada.pk, now=NOW)
    with pytest.raises(linking.NotLinked, match="not linked any more"):
        unlink(jo, mo, ada)
    mo.merged_into = lu
    mo.save()
    with pytest.raises(linking.NotLinked, match=f"became part of case {lu.pk}"):
        link(jo, mo, ada)


def test_links_of_what_became_part_of_a_case_are_its_own_now(desk):
    (jo, lu, mo), ada = desk
    link(jo, mo, ada)
    link(lu, mo, ada, "the same bill")
    found = matters([lu.pk, mo.pk]).links
    assert [(row.case, row.why) for row in found] == [(jo.pk, "the same parcel")]
