"""Scores near-copies on reworded posts: python scripts/copies_scores.py FOLDER [--seed N]

FOLDER holds one folder a set, each with data.jsonl.gz (one JSON object a line with `text`). A set
that is not there is left out with a word. Of each set, posts of at least five words are taken, and
of posts that share half of their words only one, for these sets hold retweets and true copies.
Then some posts come again up to 20,000 posts later, reworded in one of eight ways at 10 to 35 % of
their words. A post told to be a copy is right if it was led to the very post it was made from.
Prints precision, recall by way of rewording, and posts per CPU second. No post is split off for
training: the limits in core/judging/copies.py were chosen with --seed 1, so report another.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sanderling.core.judging.copies import Copies

SETS = (
    ("umsab",),
    ("complaints", "care_dev"),
    ("crisislex_t26", "crisislex_t6"),
    ("banking77",),
    ("twcs_spotify",),
)
_AT_MOST = 20_000
_LEAST_WORDS = 5
_SAME_WORDS = 0.5
_BEGAN = datetime(2024, 1, 1, tzinfo=UTC)

_SYNONYMS = """
big large huge|small little tiny|bad poor terrible awful|good great fine nice|fast quick rapid
slow sluggish|fix repair mend sort|broken faulty defective dead|phone mobile handset
buy purchase get|parcel package delivery|late delayed overdue|angry furious mad|happy glad pleased
help assist support|wait hang-on|stop quit end|start begin|now right-now|always constantly forever
answer reply respond|ask request|say tell claim|money cash funds|price cost fee|shop store
people folks everyone|think believe reckon|want need wish|love adore enjoy|hate detest
work function run|problem issue trouble|please kindly|thanks cheers|hello hi hey|very really so
many lots plenty|free gratis|win gain|follow join|share repost spread|watch see view|show display
give hand|take grab|come arrive|make create|use employ|find discover|keep hold|let allow
try attempt|call ring|pay settle|home house|car vehicle|job work|kids children|man guy bloke
woman lady|friend mate pal|time moment|still yet|just only simply|also too|but though however
because since as|can could|will shall|must should|my our|this that|maybe perhaps|soon shortly
fire blaze|flood flooding|storm hurricane|damage destruction|city town|country nation|police cops
world globe|news reports|video clip|photo picture pic
"""


class Post(NamedTuple):
    """A post of the stream: the base post that it is or was made from, and how (None: itself)."""

    base: int
    how: str | None
    text: str


class Rewording:
    """Rewords posts, the same way every time for the same seed."""

    def __init__(self, rng: random.Random, others: Sequence[str]) -> None:
        self._rng, self._others = rng, others
        sample = rng.sample(others, min(2_000, len(others)))
        self._vocabulary = [word for text in sample for word in plain_words(text)]
        self._synonyms = {
            word: [other.replace("-", " ") for other in group.split() if other != word]
            for group in re.split(r"[|\n]", _SYNONYMS)
            for word in group.split()
        }
        self.ways: dict[str, Callable[[list[str], int], list[str]]] = {
            "marks, names, links": lambda words, _: self._marked(words),
            "other words": lambda words, count: self._each(words, count, self._synonym),
            "misspelt": lambda words, count: self._each(words, count, self._misspelt),
            "swapped": self._swapped,
            "words put in": self._put_in,
            "words left out": self._left_out,
            "another ending": self._another_ending,
            "everything": self._everything,
        }

    def reword(self, text: str, how: str) -> str:
        words = text.split()
        count = max(1, round(self._rng.uniform(0.10, 0.35) * len(_places(words))))
        return " ".join(self.ways[how](words, count))

    def _each(self, words: list[str], count: int, change: Callable[[str], str]) -> list[str]:
        chosen = self._rng.sample(_places(words), count)
        return [change(word) if at in chosen else word for at, word in enumerate(words)]

    def _synonym(self, word: str) -> str:
        """Of our own list, or, as that is small and English, any word that people use."""
        known = self._synonyms.get(word.lower().strip(".,!?"))
        return self._rng.choice(known or self._vocabulary)

    def _misspelt(self, word: str) -> str:
        if len(word) < 3:
            return word + word[-1]
        at = self._rng.randrange(len(word) - 1)
        return self._rng.choice(
            (
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[: at + 1] + word[at:],
            )
        )

    def _swapped(self, words: list[str], count: int) -> list[str]:
        for at in self._rng.sample(_places(words), count):
            if at + 1 < len(words):
                words[at], words[at + 1] = words[at + 1], words[at]
        return words

    def _put_in(self, words: list[str], count: int) -> list[str]:
        for at in sorted(self._rng.sample(_places(words), count), reverse=True):
            words.insert(at, self._rng.choice(self._vocabulary))
        return words

    def _left_out(self, words: list[str], count: int) -> list[str]:
        gone = self._rng.sample(_places(words), count)
        return [word for at, word in enumerate(words) if at not in gone]

    def _another_ending(self, words: list[str], count: int) -> list[str]:
        ending = plain_words(self._rng.choice(self._others))[-count:]
        return words[: _places(words)[-count]] + ending

    def _everything(self, words: list[str], count: int) -> list[str]:
        for _ in range(count):
            way = self._rng.choices(
                (
                    lambda words: self._each(words, 1, self._synonym),
                    lambda words: self._each(words, 1, self._misspelt),
                    lambda words: self._put_in(words, 1),
                    lambda words: self._left_out(words, 1) if len(_places(words)) > 4 else words,
                    lambda words: self._swapped(words, 1),
                ),
                weights=(45, 12, 15, 15, 13),
            )
            words = way[0](words)
        return self._marked(words)

    def _marked(self, words: list[str]) -> list[str]:
        marked = [self._marked_word(word) for word in words]
        ends = ("", "😡", "🔥🔥", "🎁", "👇 🙏🏽", f"https://t.co/{self._letters(8)}")
        begins = ("", "", "", f"@{self._letters(7)}")
        return [self._rng.choice(begins), *marked, self._rng.choice(ends)]

    def _marked_word(self, word: str) -> str:
        if word[0] in "@#":
            return word[0] + self._letters(8)
        if word.startswith("http"):
            return f"https://t.co/{self._letters(8)}"
        word = re.sub(r"\d", lambda _: self._rng.choice("0123456789"), word)
        case = self._rng.choices((str, str.upper, str.capitalize), weights=(70, 15, 15))[0]
        if self._rng.random() < 0.3:
            word = word.rstrip(".,!?:;") + self._rng.choice(("", "!", ".", "!!", "...", ","))
        return case(word)

    def _letters(self, count: int) -> str:
        return "".join(self._rng.choices("abcdefghijklmnopqrstuvwxyz", k=count))


def plain_words(text: str) -> list[str]:
    """The words of a text, without names, links and hashtags."""
    words = text.split()
    return [words[at] for at in _places(words)]


def _places(words: list[str]) -> list[int]:
    """Where the words are that can be changed."""
    return [
        at
        for at, word in enumerate(words)
        if not word.startswith(("@", "#", "http", "www.")) and any(map(str.isalpha, word))
    ]


def without_copies(texts: list[str]) -> list[str]:
    """Texts of which no two share half of their words, by comparing all that share a word."""
    kept: list[str] = []
    sets: list[frozenset[str]] = []
    having: dict[str, list[int]] = {}
    for text in texts:
        words = frozenset(re.sub(r"\W", "", word.casefold()) for word in plain_words(text)) - {""}
        if len(words) < _LEAST_WORDS:
            continue
        # Who shares half of the words has one of any half of them and one more: the rarest do.
        half = sorted(words, key=lambda word: len(having.get(word, ())))[: len(words) // 2 + 1]
        near = {at for word in half for at in having.get(word, ())}
        if any(_shared(words, sets[at]) >= _SAME_WORDS for at in near):
            continue
        for word in words:
            having.setdefault(word, []).append(len(kept))
        kept.append(text)
        sets.append(words)
    return kept


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def stream(texts: Sequence[str], every: int, rng: random.Random) -> list[Post]:
    """The texts, and after some time one in `every` of them again, reworded."""
    rewording = Rewording(rng, texts)
    ways = list(rewording.ways)
    posts = [(float(at), Post(at, None, text)) for at, text in enumerate(texts)]
    for at, text in enumerate(texts):
        if at % every == 0:
            how = rng.choice(ways)
            later = at + rng.uniform(0.1, 20_000 / (1 + 1 / every))
            posts.append((later, Post(at, how, rewording.reword(text, how))))
    posts.sort(key=lambda post: post[0])
    return [post for _, post in posts]


def score(posts: Sequence[Post]) -> str:
    """What was told of the stream, in words."""
    at = [_BEGAN + timedelta(seconds=number) for number in range(len(posts))]
    texts = [post.text for post in posts]
    copies = Copies()
    began = time.process_time()
    found = copies.join(range(len(posts)), texts, at)
    seconds = time.process_time() - began
    first = {post.base: number for number, post in reversed(list(enumerate(posts)))}
    told = sum(of is not None for of in found)
    made, hit = Counter[str](), Counter[str]()
    for post, of in zip(posts, found, strict=True):
        if post.how is not None:
            made[post.how] += 1
            hit[post.how] += of == first[post.base]
    by_way = "  ".join(f"{how} {100 * hit[how] / made[how]:.1f}" for how in sorted(made))
    return (
        f"{len(posts):7,} posts, {made.total():6,} copies   "
        f"precision {100 * hit.total() / max(told, 1):6.2f}   "
        f"recall {100 * hit.total() / made.total():6.2f}   "
        f"{len(posts) / seconds:7,.0f} posts/CPU-s\n      {by_way}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path, help="the folder with the sets")
    asked.add_argument("--seed", type=int, default=2)
    given = asked.parse_args()
    if not given.folder.is_dir():
        sys.exit(f"There is no folder {given.folder}: name the one that holds the sets.")
    for names in SETS:
        files = [given.folder / name / "data.jsonl.gz" for name in names]
        missing = [str(file) for file in files if not file.exists()]
        if missing:
            _say(f"{', '.join(names)}: left out, {' and '.join(missing)} not there")
            continue
        rng = random.Random(given.seed)
        read = [text for file in files for text in _texts(file)]
        rng.shuffle(read)
        texts = without_copies(read[:_AT_MOST])
        _say(f"{', '.join(names)}: {len(texts):,} of {len(read[:_AT_MOST]):,} posts taken")
        for every in (1, 10):
            _say(f"  1 in {every:2} again {score(stream(texts, every, rng))}")


def _texts(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [html.unescape(json.loads(line)["text"]) for line in lines]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
