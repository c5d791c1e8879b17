"""Taking in what a network tells: every post once, every wording kept, nothing lost.

    page -> what is known | deletions | who wrote it | new posts and edits | signals | columns

One statement a table for a whole page. Repeating a page changes nothing, and neither does the
order of pages: newest wording wins, deletions and signals wait for their post if need be.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from sanderling.core.facts import Facts
from sanderling.core.network import Author, Draft, Page, Post, Receipt, Room
from sanderling.core.timing import NEVER
from sanderling.listen import bounds, columns, coverage
from sanderling.listen.models import Account, RawPage
from sanderling.listen.models import Post as StoredPost
from sanderling.listen.ours import Ear, ear
from sanderling.store import announce
from sanderling.store.sealing import sealed
from sanderling.store.sql import Row, as_json, fetch, run, run_text

log = logging.getLogger(__name__)
LONGEST_TROUBLE = 500


class Heard(NamedTuple):
    """A wording of a post as it was just taken in, with what later stages ask about it.

    `post` is its id here; `author` and `account` are ids; `answers` is the identity, not one of
    ours, that it answers or writes to; `newest` is false for an older wording that arrived late;
    `again`: another wording of it stood here; `gone` where its deletion arrived first.
    """

    post: int
    author: int
    answers: int | None
    account: int
    said: Post
    ours: bool
    to_us: bool
    newest: bool
    again: bool
    gone: bool

    @property
    def facts(self) -> Facts:
        """What triage may ask about this wording."""
        said = self.said
        return Facts(
            text=said.text,
            room=said.room,
            created_at=said.created_at,
            lang=said.lang,
            followers=said.author.followers,
            to_us=self.to_us,
            ours=self.ours,
            is_reply=said.reply_to is not None,
            has_media=bool(said.media),
            automated=said.automated,
        )


class Taken(NamedTuple):
    """What a page brought that was not known: wordings, ids of posts now gone, repeated posts."""

    network: str
    heard: list[Heard]
    gone: list[int]
    repeated: int


def hold(account_id: int) -> None:
    """Let nobody else take in or place posts of the account's network until this transaction ends.

    A page may touch the posts and cases of all our accounts there, so they are held as one.
    """
    run_text(
        "select pg_advisory_xact_lock(7, hashtext(network)) from listen_account where id = %(id)s",
        {"id": account_id},
    )


@transaction.atomic
def take_in(*, account_id: int, page: Page, now: datetime) -> Taken:
    """Take in a page that `account_id` heard; only what is new comes back."""
    hold(account_id)
    us = ear(account_id)
    page = bounds.fit(page, account_id=account_id)
    if page.raw:
        RawPage.objects.create(account_id=account_id, received_at=now, body=page.raw)
    gone = _take_in_deletions(us, page)
    heard = _take_in_posts(us, page.posts)
    _take_in_signals(us, page, heard)
    _catch(us, [h for h in heard if h.newest])
    new = [h.said for h in heard if h.to_us and not h.again]
    coverage.count(account_id=account_id, page=page, new=new, now=now)
    _keep_place(account_id, page, now)
    return Taken(us.network, heard, gone, len(page.posts) - len(heard))


Key = tuple[int, str]
"""Scope and remote id: what a post is known by on its network."""


class Known(NamedTuple):
    """How a post stands here: by whom, in which wording, and in which `older` ones before."""

    post: int
    account: int
    version_at: datetime
    gone: bool
    author: int
    older: Sequence[datetime]


def _take_in_posts(us: Ear, posts: Sequence[Post]) -> list[Heard]:
    """Sort the wordings of a page into new posts, edits and older wordings, and keep them all."""
    wordings: dict[Key, dict[datetime, Post]] = {}
    for p in posts:
        wordings.setdefault((us.scope(p), p.remote_id), {})[p.version_at] = p
    stands = _known(us, wordings)
    for key, known in stands.items():
        for version_at in (known.version_at, *known.older):
            wordings[key].pop(version_at, None)
    wordings = {key: said for key, said in wordings.items() if said}
    if not wordings:
        return []
    authors = _know(us, [p for said in wordings.values() for p in said.values()])
    wordings = {
        key: said
        for key, said in wordings.items()
        if key not in stands or _by_its_author(us, stands[key], said, authors)
    }
    newest = {key: said[max(said)] for key, said in wordings.items()}
    added = _put_new(us, {k: p for k, p in newest.items() if k not in stands}, authors)
    edits: list[tuple[int, Post]] = []
    older: list[tuple[int, Post]] = []
    heard: list[Heard] = []
    for key, said in wordings.items():
        stood = stands.get(key)
        post, gone = (stood.post, stood.gone) if stood else added[key]
        account = stood.account if stood else us.account_of(newest[key])
        for version_at, p in sorted(said.items()):
            latest = p is newest[key] and (stood is None or version_at > stood.version_at)
            if stood or not latest:
                (edits if latest else older).append((post, p))
            how = {"newest": latest, "again": stood is not None, "gone": gone}
            heard.append(_heard(us, authors, p, post=post, account=account, **how))
    _put_wordings(edits, older)
    return heard


def _by_its_author(
    us: Ear, stood: Known, said: dict[datetime, Post], authors: dict[str, int]
) -> bool:
    """Whether new wordings are by who wrote the post: anybody can name a letter as they like."""
    same = all(authors[p.author.id] == stood.author for p in said.values())
    if not same:
        log.warning("listen.forged network=%s post=%s", us.network, stood.post)
    return same


def _heard(us: Ear, authors: dict[str, int], p: Post, **how: Any) -> Heard:
    other = p.counterpart if p.room is Room.DIRECT else p.reply_to_author
    return Heard(
        author=authors[p.author.id],
        answers=None if other is None or other in us.ids else authors[other],
        said=p,
        ours=us.wrote(p),
        to_us=us.addressed(p),
        **how,
    )


def _known(us: Ear, keys: Iterable[Key]) -> dict[Key, Known]:
    """Which posts stand here already."""
    rows = [{"scope": scope, "remote_id": remote_id} for scope, remote_id in keys]
    if not rows:
        return {}
    found = fetch("listen/known_posts", {"network": us.network, "rows": as_json(rows)})
    return {(scope, remote_id): Known(*how) for scope, remote_id, *how in found}


def _know(us: Ear, posts: Iterable[Post]) -> dict[str, int]:
    """The ids of all authors, of whom they answered and of whom a message is with."""
    authors: dict[str, Author] = {}
    for p in posts:
        for other in (p.reply_to_author, p.counterpart):
            if other is not None:
                authors.setdefault(other, Author(id=other, handle=""))
        authors[p.author.id] = p.author
    rows = [
        {
            "remote_id": a.id,
            "handle": a.handle,
            "name": a.name,
            "followers": a.followers,
            "avatar": a.avatar,
            "follows_us": a.follows_us,
            "takes_messages": a.takes_messages,
        }
        for a in authors.values()
    ]
    return dict(fetch("listen/put_identities", {"network": us.network, "rows": as_json(rows)}))


def _put_new(
    us: Ear, posts: dict[Key, Post], authors: dict[str, int]
) -> dict[Key, tuple[int, bool]]:
    """Insert posts never seen; gives their ids, and whether their deletion came before them."""
    if not posts:
        return {}
    rows = [_row(us, scope, p, authors[p.author.id]) for (scope, _), p in posts.items()]
    found = fetch("listen/put_posts", {"network": us.network, "rows": as_json(rows)})
    return {(scope, remote_id): (post, gone) for post, scope, remote_id, gone in found}


def _row(us: Ear, scope: int, p: Post, author: int) -> dict[str, object]:
    ours = us.wrote(p)
    origin = ("automation" if p.automated else "native") if ours else "customer"
    return {
        "scope": scope,
        "remote_id": p.remote_id,
        "account": us.account_of(p),
        "author": author,
        "room": p.room,
        "direction": "ours" if ours else "theirs",
        "origin": origin,
        "to_us": us.addressed(p),
        "text": p.text,
        "lang": p.lang,
        "created_at": p.created_at,
        "version_at": p.version_at,
        "edited": p.edited_at is not None,
        "reply_to": p.reply_to,
        "reply_to_author": p.reply_to_author,
        "quote_of": p.quote_of,
        "thread": p.thread,
        "counterpart": p.counterpart,
        "media": p.media or None,
        "closed": p.closed,
        "url": p.url,
    }


def _put_wordings(edits: Sequence[tuple[int, Post]], older: Sequence[tuple[int, Post]]) -> None:
    """Replace wordings by newer ones, keeping the old; keep older ones that came late."""
    if edits:
        run("listen/edit_posts", {"rows": _wordings(edits)})
    if older:
        run("listen/put_versions", {"rows": _wordings(older)})
        run("listen/mark_edited", {"rows": _wordings(older)})


def _wordings(said: Sequence[tuple[int, Post]]) -> str:
    return as_json(
        [
            {"id": post, "text": p.text, "version_at": p.version_at, "media": p.media or None}
            for post, p in said
        ]
    )


def _take_in_deletions(us: Ear, page: Page) -> list[int]:
    first: dict[Key, datetime] = {}
    for d in page.deletions:
        key = (us.scope(d), d.remote_id)
        first[key] = min(first.get(key, d.at), d.at)
    if not first:
        return []
    rows = [{"scope": scope, "remote_id": r, "at": at} for (scope, r), at in first.items()]
    found: list[Row] = fetch("listen/put_deletions", {"network": us.network, "rows": as_json(rows)})
    return [post for (post,) in found]


def _take_in_signals(us: Ear, page: Page, heard: Sequence[Heard]) -> None:
    """Keep each actor's last word, then count anew the posts that it or this page touches."""
    last = {
        (s.remote_id, s.kind, s.actor): s
        for s in sorted(page.signals, key=lambda s: (s.at, s.undone))
    }
    if last:
        run("listen/put_signals", {"network": us.network, "rows": as_json(list(last.values()))})
    touched = {s.remote_id for s in last.values()}
    touched |= {h.said.remote_id for h in heard if h.said.room is Room.PUBLIC}
    if touched:
        fetch("listen/count_signals", {"network": us.network, "remote_ids": sorted(touched)})


def _catch(us: Ear, heard: Sequence[Heard]) -> None:
    """Hang posts into the columns that ask for them."""
    subjects = [columns.subject(us, h.said) for h in heard]
    rows = [
        {"column_id": column, "post_id": h.post}
        for h, caught in zip(heard, columns.match(subjects), strict=True)
        for column in caught
    ]
    if rows:
        run("listen/put_column_posts", {"rows": as_json(rows)})
        announce.announce(announce.column(c) for c in {row["column_id"] for row in rows})


def _keep_place(account_id: int, page: Page, now: datetime) -> None:
    """The cursor moves in the same transaction as what it leads past."""
    change: dict[str, object] = {"pulled_at": now}
    if page.way != "webhook":  # a network that calls us need not let us call it
        change |= {"failures": 0, "trouble": "", "rest_until": None}
    if page.cursor is not None:
        change["cursor"] = page.cursor
    if page.warning is not None:
        change["warning"] = bounds.plain(page.warning, LONGEST_TROUBLE)
    if page.way in ("stream", "webhook"):
        change["streamed_at"] = now
    if page.posts:
        change["heard_at"] = now
        if page.way != "repair":
            newest = max(post.created_at for post in page.posts)
            change["lag_s"] = max((now - newest).total_seconds(), 0)
    Account.objects.filter(pk=account_id).update(**change)


@transaction.atomic
def record_own(*, account_id: int, draft: Draft, receipt: Receipt) -> int:
    """Keep a post that the desk sent; gives its id. Hearing it before or after changes nothing."""
    hold(account_id)
    us = ear(account_id)
    me = Account.objects.get(pk=account_id)
    said = Post(
        remote_id=receipt.remote_id,
        author=Author(id=me.remote_id, handle=me.handle, name=me.name, avatar=me.avatar),
        text=draft.text,
        created_at=receipt.at,
        room=draft.room,
        reply_to=draft.reply_to,
        reply_to_author=draft.to,
        media=draft.media,
        counterpart=draft.to if draft.room is Room.DIRECT else None,
    )
    authors = _know(us, [said])
    key = (us.scope(said), said.remote_id)
    added = _put_new(us, {key: said}, authors)
    post = added[key][0] if added else _known(us, [key])[key].post
    if added:
        how = {"newest": True, "again": False, "gone": False}
        _catch(us, [_heard(us, authors, said, post=post, account=account_id, **how)])
    StoredPost.objects.filter(pk=post).update(origin="desk")
    return post


@transaction.atomic
def rest(*, account_id: int, until: datetime, trouble: str) -> None:
    """Leave the account alone until `until`; the reason is shown with it."""
    Account.objects.filter(pk=account_id).update(
        rest_until=until, trouble=bounds.plain(trouble, LONGEST_TROUBLE), failures=F("failures") + 1
    )


def sign_in_lost(*, account_id: int, message: str, now: datetime) -> None:
    """The account's permission is gone: rest until someone connects it again."""
    rest(account_id=account_id, until=NEVER, trouble=message)


@transaction.atomic
def connect(*, network: str, who: Author, address: str, secret: str, now: datetime) -> int:
    """Connect an account of ours, or connect it again; its history stays. Gives its id."""
    who = bounds.author(who)
    account, _ = Account.objects.update_or_create(
        network=network,
        remote_id=who.id,
        defaults={
            "handle": who.handle,
            "name": who.name,
            "avatar": who.avatar,
            "address": address,
            "secret": sealed(secret),
            "connected_at": now,
            "archived_at": None,
            "rest_until": None,
            "trouble": "",
            "failures": 0,
        },
    )
    return account.pk
