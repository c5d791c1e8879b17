"""Whatever agents and customers do, in any order: counters, clocks and due times stay true, and no
customer who needs an answer stands outside the queues."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from judges import Plain
from outcome import check_clocks, check_tallies
from river import connected, minutes, says, we_say, writes
from sanderling.cases import actions
from sanderling.cases.models import Case, Placement
from sanderling.cases.work import drop_late_looks, look_again, receive, wake_due
from sanderling.core.lifecycle import Impossible
from sanderling.core.network import Deletion, Draft, Page, Post, Receipt, Room
from sanderling.core.verdict import Aspect
from sanderling.core.verdict import Verdict as Finding
from sanderling.listen import actions as listen
from sanderling.listen.models import Post as StoredPost
from sanderling.people.models import Agent
from sanderling.store.models import Move
from sanderling.store.moves import Overtaken
from sanderling.triage.actions import ask
from sanderling.triage.correcting import NotJudged
from sanderling.triage.models import Look, Verdict

pytestmark = pytest.mark.django_db

WHO = st.sampled_from(["lena", "omar"])
TEXT = st.sampled_from([
    "@NorthwindCare my phone is dead, this is a disgrace", "@NorthwindCare thanks, works now",
    "ok", "@NorthwindCare when will the shop open?",
])  # fmt: skip
ANY = st.integers(0, 1_000)
LATER = st.sampled_from([1, 1, 1, 30, 300, 3 * 24 * 60, 40 * 24 * 60])
REFUSED = (Impossible, Overtaken, actions.AlreadyTaken, actions.NoSuchPost)


class Found(Plain):
    """Finds the same in every post."""

    def __init__(self, needs_us: bool, praise: bool) -> None:
        super().__init__()
        self.says = ("" if needs_us else "never mind ") + ("praise" if praise else "")

    def _verdict(self, text: str) -> Finding:
        return super()._verdict(self.says)


class Desk(RuleBasedStateMachine):
    """A desk with two agents and two customers."""

    @initialize()
    def open_desk(self) -> None:
        self.cleanup = ExitStack()
        self.cleanup.enter_context(transaction.atomic())
        self.cleanup.callback(transaction.set_rollback, True)
        self.account = connected()
        self.agents = [
            Agent.objects.create(email=f"{n}@northwind.example", name=n, initials="AB").pk
            for n in "ab"
        ]
        self.at, self.n = 0.0, 0
        self.said: list[Post] = []

    def teardown(self) -> None:
        if hasattr(self, "cleanup"):
            self.cleanup.close()

    @property
    def now(self) -> datetime:
        return minutes(self.at)

    def hear(self, *posts: Post, **page) -> None:
        receive(account_id=self.account, page=Page(posts=posts, **page), now=self.now)

    def next_id(self) -> str:
        self.n += 1
        return f"p{self.n}"

    def public(self) -> list[Post]:
        return [p for p in self.said if p.room is Room.PUBLIC]

    # Customers, and we in the network's own app

    @rule(minutes=LATER)
    def time_passes(self, minutes: float) -> None:
        self.at += minutes

    @rule(who=WHO, text=TEXT, to=ANY, is_reply=st.booleans(), ago=st.sampled_from([0, 0, 0.5, 90]))
    def customer_writes(self, who: str, text: str, to: int, is_reply: bool, ago: float) -> None:
        public = self.public()
        reply_to = public[to % len(public)].remote_id if public and is_reply else None
        mentions = ("us",) if text.startswith("@") else ()
        self.at += 1
        post = says(self.next_id(), text, who=who, at=self.at - ago, reply_to=reply_to,
                    mentions=mentions)  # fmt: skip
        self.said.append(post)
        self.hear(post)

    @rule(who=WHO, text=TEXT)
    def customer_sends_a_message(self, who: str, text: str) -> None:
        self.at += 1
        post = writes(self.next_id(), text, who=who, at=self.at, counterpart=who)
        self.said.append(post)
        self.hear(post)

    @precondition(lambda self: self.said)
    @rule(which=ANY, text=TEXT)
    def customer_edits(self, which: int, text: str) -> None:
        post = self.said[which % len(self.said)]
        fields = {name: getattr(post, name) for name in Post.__struct_fields__}
        self.at += 1
        self.hear(Post(**{**fields, "text": text, "edited_at": self.now}))

    @precondition(lambda self: self.said)
    @rule(which=ANY)
    def customer_deletes(self, which: int) -> None:
        post = self.said[which % len(self.said)]
        self.hear(deletions=(Deletion(remote_id=post.remote_id, room=post.room, at=self.now),))

    @precondition(lambda self: self.public())
    @rule(which=ANY)
    def we_answer_in_the_app(self, which: int) -> None:
        post = self.public()[which % len(self.public())]
        self.at += 1
        self.hear(we_say(self.next_id(), post.author.id, at=self.at, reply_to=post.remote_id))

    # Agents

    def case(self, which: int) -> int:
        cases = list(Case.objects.order_by("pk").values_list("pk", flat=True))
        return cases[which % len(cases)]

    has_cases = precondition(lambda self: Case.objects.exists())

    @has_cases
    @rule(
        which=ANY,
        agent=st.integers(0, 1),
        what=st.sampled_from(
            [
                "claim",
                "assign",
                "put back",
                "resolve",
                "dismiss",
                "reopen",
                "snooze",
                "wake",
                "close",
            ]
        ),
    )
    def agent_acts(self, which: int, agent: int, what: str) -> None:
        case, by, now = self.case(which), self.agents[agent], self.now
        acts = {
            "claim": lambda: actions.claim(case_id=case, by=by, now=now),
            "assign": lambda: actions.assign(case_id=case, to=by, by=self.agents[0], now=now),
            "put back": lambda: actions.assign(case_id=case, to=None, by=by, now=now),
            "resolve": lambda: actions.resolve(case_id=case, outcome="solved", by=by, now=now),
            "dismiss": lambda: actions.dismiss(case_id=case, by=by, now=now),
            "reopen": lambda: actions.reopen(case_id=case, by=by, now=now),
            "snooze": lambda: actions.snooze(case_id=case, until=now + timedelta(hours=2), by=by,
                                             now=now),
            "wake": lambda: actions.wake(case_id=case, now=now),
            "close": lambda: actions.close(case_id=case, now=now),
        }  # fmt: skip
        with suppress(*REFUSED), transaction.atomic():
            acts[what]()

    @has_cases
    @rule(
        which=ANY,
        agent=st.integers(0, 1),
        then=st.sampled_from(["wait", "keep open", "resolve"]),
        heard_first=st.booleans(),
    )
    def desk_answers(self, which: int, agent: int, then: str, heard_first: bool) -> None:
        case = Case.objects.get(pk=self.case(which))
        first = Placement.objects.filter(case=case).order_by("at").first()
        if first is None:  # merged into another
            return
        to = StoredPost.objects.select_related("author").get(pk=first.post_id)
        self.at += 1
        name = self.next_id()
        ours = we_say(name, to.author.remote_id, at=self.at, reply_to=to.remote_id, text="Sorry.")
        if heard_first:
            self.hear(ours)
        post = listen.record_own(
            account_id=self.account, receipt=Receipt(remote_id=name, at=self.now),
            draft=Draft(room=Room.PUBLIC, text="Sorry.", reply_to=to.remote_id),
        )  # fmt: skip
        actions.replied(case_id=case.pk, post_id=post, then=then, by=self.agents[agent],
                        now=self.now)  # fmt: skip
        self.hear(ours)

    @precondition(lambda self: StoredPost.objects.exists())
    @rule(which=ANY, agent=st.integers(0, 1))
    def agent_makes_a_case_of_a_post(self, which: int, agent: int) -> None:
        posts = list(StoredPost.objects.order_by("pk").values_list("pk", flat=True))
        with suppress(*REFUSED), transaction.atomic():
            actions.open_for(post_id=posts[which % len(posts)], by=self.agents[agent], now=self.now)

    @precondition(lambda self: Verdict.objects.exists())
    @rule(
        which=ANY,
        agent=st.integers(0, 1),
        what=st.sampled_from([
            (Aspect.NEEDS_US, "true"), (Aspect.NEEDS_US, "false"), (Aspect.NEEDS_US, "false"),
            (Aspect.KIND, "praise"), (Aspect.KIND, "complaint"), (Aspect.TONE, "5"),
        ]),
    )  # fmt: skip
    def agent_corrects(self, which: int, agent: int, what: tuple[Aspect, str]) -> None:
        posts = list(Verdict.objects.order_by("pk").values_list("pk", flat=True))
        with suppress(NotJudged), transaction.atomic():
            actions.correct(
                post_id=posts[which % len(posts)], aspect=what[0], value=what[1],
                agent_id=self.agents[agent], now=self.now,
            )  # fmt: skip

    @precondition(lambda self: Verdict.objects.exists())
    @rule(which=ANY, needs_us=st.booleans(), praise=st.booleans())
    def the_careful_judge_looks(self, which: int, needs_us: bool, praise: bool) -> None:
        theirs = Verdict.objects.filter(post__direction="theirs").order_by("pk")
        posts = list(theirs.values_list("pk", flat=True))
        if posts:
            ask([(posts[which % len(posts)], "unsure")], now=self.now)
        acted = {row["id"]: row for row in Case.objects.filter(
            pk__in=Move.objects.filter(by__isnull=False).values("row")).values()}  # fmt: skip
        look_again(Found(needs_us, praise), now=self.now)
        drop_late_looks(now=self.now)
        assert not Look.objects.exists()
        for case in Case.objects.filter(pk__in=acted).exclude(state__in=["merged", "withdrawn"]):
            before = acted[case.pk]
            assert case.owner_id == before["owner_id"], "a second look takes nobody's case away"
            if before["state"] in ("resolved", "closed") and case.state != before["state"]:
                assert case.state == "open", "what needs us after all is taken up again"
        for case in Case.objects.filter(pk__in=acted, state="withdrawn"):
            assert acted[case.pk]["state"] == "withdrawn", "a person's case is not put away"

    @rule()
    def the_worker_wakes_and_closes(self) -> None:
        wake_due(now=self.now)
        assert not Case.objects.filter(wake_at__lte=self.now).exists()

    # What always holds

    @invariant()
    def counters_and_clocks_are_true(self) -> None:
        if hasattr(self, "cleanup"):
            check_tallies()
            check_clocks()

    @invariant()
    def nobody_is_left_standing(self) -> None:
        for post in Placement.objects.filter(needs=2, gone=False, settled=False, role="requester"):
            answered = Placement.objects.filter(
                case=post.case_id, role="us", ends=True, gone=False, at__gte=post.at
            )
            if not answered.exists():
                case = post.case
                assert case is not None, f"{post} needs us and stands nowhere"
                assert case.state in ("new", "open"), f"{post} waits in a case that is {case.state}"

    @invariant()
    def what_was_merged_is_empty(self) -> None:
        assert not Placement.objects.filter(case__state="merged").exists()


def test_a_post_that_needs_us_after_all_leaves_no_clock_running_in_a_resolved_case():
    desk = Desk()
    desk.open_desk()
    complaint = "@NorthwindCare my phone is dead, this is a disgrace"
    desk.customer_writes(who="lena", text=complaint, to=0, is_reply=False, ago=0)
    desk.customer_sends_a_message(who="lena", text="ok")
    desk.desk_answers(which=0, agent=0, then="wait", heard_first=False)
    desk.desk_answers(which=0, agent=0, then="resolve", heard_first=False)
    desk.agent_makes_a_case_of_a_post(which=1, agent=0)
    desk.counters_and_clocks_are_true()
    desk.teardown()


def test_any_acts_of_agents_and_customers_leave_a_true_desk():
    run_state_machine_as_test(
        Desk,
        settings=settings(max_examples=40, stateful_step_count=25, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
