"""Columns catch what they ask for, and every process notices when one changes."""

from __future__ import annotations

import pytest
from django.db import transaction

from processes import in_this_database, python
from river import NOON, connected, hear, says, we_say, writes
from sanderling.core.network import Draft, Receipt, Room
from sanderling.core.query import QueryError
from sanderling.listen import actions as listen
from sanderling.listen import columns, queries
from sanderling.listen.models import Column, ColumnPost, Post

pytestmark = pytest.mark.django_db


def caught(column: int) -> set[str]:
    posts = ColumnPost.objects.filter(column_id=column).values_list("post_id", flat=True)
    return set(Post.objects.filter(pk__in=list(posts)).values_list("remote_id", flat=True))


def add(query: str, name: str = "A column") -> int:
    return columns.add_column(name=name, query=query, by=None, now=NOON)


def names() -> list[str]:
    return [c.name for c in queries.columns()]


def test_a_post_hangs_in_every_column_that_asks_for_it_and_in_no_other():
    account = connected()
    dead, bill, ours = add("dead -bill"), add("bill"), add("to:NorthwindCare")
    private = add("is:dm")
    hear(
        account,
        says("1"),
        says("2", "@NorthwindCare the bill is dead wrong"),
        says("3", "nothing here", mentions=()),
        writes("4", "the bill please"),
    )
    assert caught(dead) == {"1"}
    assert caught(bill) == {"2", "4"}
    assert caught(ours) == {"1", "2"}
    assert caught(private) == {"4"}


def test_repeating_a_page_catches_nothing_twice_and_an_edit_is_looked_at_again():
    account = connected()
    bill = add("bill")
    hear(account, says("1"), says("2", "my bill"))
    hear(account, says("1"), says("2", "my bill"))
    assert caught(bill) == {"2"}
    edited = says("1", "my bill, I mean", at=1)
    fields = {f: getattr(edited, f) for f in edited.__struct_fields__}
    hear(account, type(edited)(**{**fields, "edited_at": edited.created_at}))
    assert caught(bill) == {"1", "2"}


def test_a_changed_column_catches_by_its_new_words_and_keeps_what_it_has():
    account = connected()
    column = add("dead")
    hear(account, says("1"))
    columns.change_column(column_id=column, name="Bills", query="bill", by=None, now=NOON)
    hear(account, says("2"), says("3", "my bill"))
    assert caught(column) == {"1", "3"}
    assert names() == ["Bills"]


def test_a_removed_column_is_gone_and_its_posts_stay():
    account = connected()
    column = add("dead")
    hear(account, says("1"))
    columns.remove_column(column_id=column, by=None, now=NOON)
    hear(account, says("2"))
    assert not ColumnPost.objects.exists()
    assert Post.objects.count() == 2
    columns.remove_column(column_id=column, by=None, now=NOON)


def test_columns_can_be_put_in_any_order():
    a, b, c = (add("dead", name) for name in "abc")
    columns.move_column(column_id=c, to=0, by=None, now=NOON)
    assert names() == ["c", "a", "b"]
    columns.move_column(column_id=c, to=99, by=None, now=NOON)
    assert names() == ["a", "b", "c"]
    columns.move_column(column_id=b, to=-1, by=None, now=NOON)
    assert names() == ["b", "a", "c"]
    columns.remove_column(column_id=a, by=None, now=NOON)
    columns.move_column(column_id=a, to=0, by=None, now=NOON)
    assert names() == ["b", "c"]


@pytest.mark.parametrize(
    ("name", "query"), [("", "dead"), (" \0\n", "dead"), ("x" * 61, "dead"), ("a", ""),
                        ("a", "("), ("a", "a" * 30_000)]
)  # fmt: skip
def test_what_cannot_be_a_column_is_refused_in_words(name, query):
    column = add("dead", "kept")
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        add(query, name)
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        columns.change_column(column_id=column, name=name, query=query, by=None, now=NOON)
    assert [(c.name, c.query) for c in queries.columns()] == [("kept", "dead")]


def test_a_query_with_letters_that_no_database_keeps_is_saved_without_them():
    add("bill\0 OR dead", "a\0b")
    assert "\0" not in Column.objects.get().query
    assert names() == ["a b"]


def test_a_column_that_can_no_longer_be_read_holds_up_nobody(caplog):
    account = connected()
    good, bad = add("dead"), add("bill")
    Column.objects.filter(pk=bad).update(query="(((")
    with pytest.raises(QueryError):
        columns.parse("(((")
    columns.move_column(column_id=good, to=0, by=None, now=NOON)
    hear(account, says("1"))
    assert caught(good) == {"1"}
    assert f"listen.column.unreadable column={bad}" in caplog.text


def test_columns_that_were_rolled_back_are_forgotten():
    account = connected()
    with transaction.atomic():
        add("dead")
        hear(account, says("1"))
        transaction.set_rollback(True)
    bills = add("bill")
    hear(account, says("2", "my bill is dead wrong"))
    assert caught(bills) == {"2"}


@pytest.mark.django_db(transaction=True)
def test_a_process_notices_columns_that_another_one_changed():
    account = connected()
    first = add("dead")
    hear(account, says("1"))
    python(
        "from datetime import UTC, datetime\n"
        "from sanderling.listen import columns\n"
        "given = {'by': None, 'now': datetime.now(UTC)}\n"
        "columns.add_column(name='Bills', query='bill', **given)\n"
        f"columns.change_column(column_id={first}, name='Dead', query='nothing', **given)",
        in_this_database(),
    )
    hear(account, says("2"), says("3", "my bill"))
    assert caught(first) == {"1"}
    assert caught(Column.objects.get(name="Bills").pk) == {"3"}


def test_what_the_desk_sent_hangs_in_columns_as_if_it_had_been_heard():
    account = connected()
    ours = add("from:NorthwindCare sorry")
    draft = Draft(room=Room.PUBLIC, text="Sorry, we look into it.", reply_to="1")
    listen.record_own(account_id=account, draft=draft, receipt=Receipt(remote_id="2", at=NOON))
    assert caught(ours) == {"2"}
    hear(account, we_say("2", at=0, text="Sorry, we look into it."))
    assert ColumnPost.objects.count() == 1
