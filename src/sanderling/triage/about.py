"""What posts are about: the company's tree as this process knows it.

A change of the tree counts from the next page on; what agents correct is learnt now and then,
because learning takes up to a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from time import monotonic

from django.conf import settings

from sanderling.core.judging.topics import MOST_EXAMPLES, Topic, Topics
from sanderling.core.verdict import Aspect
from sanderling.listen.actions import Heard
from sanderling.store.sql import Row, fetch
from sanderling.triage.queries import newest_lesson, trainable

LEARN_S = 60.0
"""So long examples wait at most until they are learnt from."""


def topics_of(heard: Sequence[Heard]) -> Mapping[int, int | None]:
    """By post: the number of the topic that it is about, None where no topic is likely enough.

    For the newest wordings of others' posts; nothing where the company has no tree.
    """
    tree = fetch("triage/topic_tree", {})
    said = {h.post: h.said.text for h in heard if h.newest and not h.ours} if tree else {}
    if not said:
        return {}
    found = _KNOWN.topics(tree).find(list(said.values()))
    return {post: topic for post, (topic, _) in zip(said, found, strict=True)}


class _Known:
    """The tree as it was learnt last, for all threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._topics = Topics(())
        self._tree: list[Row] = []
        self._lesson: int | None = None
        self._looked_at = 0.0

    def topics(self, tree: list[Row]) -> Topics:
        with self._lock:
            if tree != self._tree or self._learnt_more():
                self._lesson, self._looked_at = newest_lesson(Aspect.TOPIC), monotonic()
                self._topics, self._tree = _learnt(tree), tree
            return self._topics

    def _learnt_more(self) -> bool:
        """Whether there is something new to learn; asked now and then."""
        if monotonic() - self._looked_at < LEARN_S:
            return False
        self._looked_at = monotonic()
        return newest_lesson(Aspect.TOPIC) != self._lesson


def _learnt(tree: list[Row]) -> Topics:
    examples: dict[int, list[str]] = {topic_id: [] for topic_id, *_ in tree}
    lessons = trainable(allow_x=settings.TRAIN_ON_X, aspects=(Aspect.TOPIC,), limit=MOST_EXAMPLES)
    for lesson in reversed(lessons):
        if lesson.value and int(lesson.value) in examples:
            examples[int(lesson.value)].append(lesson.facts.text)
    return Topics(
        [
            Topic(topic_id, name, parent, ", ".join(words), tuple(examples[topic_id]))
            for topic_id, name, parent, words in tree
        ]
    )


_KNOWN = _Known()
