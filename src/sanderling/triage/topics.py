"""The company's own tree of topics, as its people shape it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from sanderling.core.words import say
from sanderling.triage.models import Topic, Verdict

LONGEST_NAME = 80
LONGEST_WORD = 60
MOST_WORDS = 50
MOST_TOPICS = 500


class WrongTopic(ValueError):
    """The tree cannot be changed so; the sentence says why."""


@transaction.atomic
def add_topic(*, name: str, parent: int | None = None, words: Iterable[str] = ()) -> int:
    """A new topic, under `parent` or at the top; gives its number. Raises WrongTopic."""
    if Topic.objects.count() >= MOST_TOPICS:
        raise WrongTopic(
            say(
                "There are {most} topics already. Remove one that is not used.",
                most=MOST_TOPICS,
            )
        )
    if parent is not None and not Topic.objects.filter(pk=parent).exists():
        raise WrongTopic(say("The topic above it is not there any more."))
    topic = Topic(name=_name(name), parent_id=parent, words=_words(words))
    return _saved(topic).pk


@transaction.atomic
def change_topic(*, topic_id: int, name: str, words: Iterable[str]) -> None:
    """Give a topic another name and other words; raises WrongTopic."""
    topic = _topic(topic_id)
    topic.name, topic.words = _name(name), _words(words)
    _saved(topic)


@transaction.atomic
def remove_topic(*, topic_id: int) -> None:
    """Remove a topic: what was found of it falls to the one above, and so do those below it.

    Raises WrongTopic where one of those has the name of another there.
    """
    topic = _topic(topic_id)
    Verdict.objects.filter(topic=topic_id).update(topic=topic.parent_id)
    for child in Topic.objects.filter(parent=topic):
        child.parent_id = topic.parent_id
        _saved(child)
    topic.delete()


def _topic(topic_id: int) -> Topic:
    topic = Topic.objects.select_for_update().filter(pk=topic_id).first()
    if topic is None:
        raise WrongTopic(say("This topic is not there any more."))
    return topic


def _saved(topic: Topic) -> Topic:
    try:
        with transaction.atomic():
            topic.save()
    except IntegrityError as error:
        raise WrongTopic(
            say("There is a topic “{name}” in the same place already.", name=topic.name)
        ) from error
    return topic


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise WrongTopic(say("A topic needs a name."))
    if len(name) > LONGEST_NAME:
        raise WrongTopic(say("A topic's name may have {most} characters.", most=LONGEST_NAME))
    return name


def _words(words: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(filter(None, (" ".join(word.split()) for word in words))))
    if len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found):
        raise WrongTopic(
            say(
                "A topic may have {most_words} words of up to {longest_word} characters each.",
                most_words=MOST_WORDS,
                longest_word=LONGEST_WORD,
            )
        )
    return found
