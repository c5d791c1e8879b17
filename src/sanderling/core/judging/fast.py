"""The fast judge: every post, at the speed of the stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from sanderling.core.facts import Facts
from sanderling.core.judging.deciding import Found, decide, is_to_us
from sanderling.core.judging.evidence import evidence
from sanderling.core.judging.hints import hints
from sanderling.core.judging.language import UNKNOWN, language
from sanderling.core.judging.linear import Answers, Linear, answers
from sanderling.core.judging.ngrams import Grams, ngrams
from sanderling.core.judging.reading import Reading, read
from sanderling.core.judging.signs import LANGUAGES as SPOKEN
from sanderling.core.judging.tasks import FLAGS, READ, TASKS
from sanderling.core.judging.words import folded, words
from sanderling.core.verdict import Reason, Verdict

BATCH = 256
"""Posts that are judged at once: more fall out of the processor's cache."""

_LANGUAGES = TASKS["lang"].classes
_FOREIGN = regex.compile(r"[\p{L}--[\p{Latin}\p{Arabic}\p{Devanagari}]]", regex.VERSION1)
"""A letter of a script that no language is judged in."""

_JUDGED = {*READ, *SPOKEN, UNKNOWN}
"""A lexicon alone makes a language judged as well: its signs count in the model. Where the language
is unclear the words of all of them are looked for."""

_CLEAR = 0.95
"""So likely must a language be to need no second opinion."""

_SHORT, _SURE = 40, 0.99
"""So few characters deceive: there the model must be surer, and small words are believed first."""

_GUESSED = 0.65
"""Below this a language is a guess, and the words of all of them are looked for."""

_DENIED = 0.02
"""A second opinion counts unless the model finds it less likely than this."""

_HINTED = 0.7
"""How likely a language is that n-grams allow and small words name."""


class Read(NamedTuple):
    """A batch as the models see it. `logits`: of the linear model, (posts, answers);
    `lang_odds`: how likely the language of each reading is right."""

    posts: Grams
    readings: list[Reading]
    hints: NDArray[np.float32]
    logits: NDArray[np.float32]
    lang_odds: list[float]


class Fast:
    """Judges by a linear model over n-grams and what the lexicon finds."""

    def __init__(self, model: Linear, name: str) -> None:
        self.model = model
        self.name = name

    def judge(self, facts: Sequence[Facts]) -> list[Verdict]:
        """A verdict for each post, in their order, each from its own facts alone."""
        found = []
        for start in range(0, len(facts), BATCH):
            batch = facts[start : start + BATCH]
            seen = self.read(
                [post.text for post in batch], [post.lang for post in batch], addressed(batch)
            )
            found += verdicts(batch, seen, answers(seen.logits, self.model.questions), self.model)
        return found

    def read(
        self,
        texts: Sequence[str],
        told: Sequence[str | None],
        to_us: Sequence[bool] | None = None,
    ) -> Read:
        """What the posts hold and what the model says. `told`: the networks' words for the
        languages; `to_us`: whether a post is written to us, told by a name in it if unknown."""
        posts = ngrams(texts)
        said = self.model.said(posts)
        langs, odds = self._languages(said, texts, told)
        readings = [read(text, lang) for text, lang in zip(texts, langs, strict=True)]
        for reading, lang in zip(readings, langs, strict=True):
            reading.lang = lang  # the lexicon knows no scripts
        marks = hints(readings, to_us if to_us is not None else [names(text) for text in texts])
        return Read(posts, readings, marks, self.model.logits(said, marks), odds)

    def _languages(
        self, said: NDArray[np.float32], texts: Sequence[str], told: Sequence[str | None]
    ) -> tuple[list[str], list[float]]:
        """The language of each post and how likely it is: ours, where it is clear; else what its
        small words or the network say, unless nothing speaks for it."""
        shares = answers(said, self.model.questions, only="lang")["lang"]
        best = shares.argmax(axis=1)
        found, odds = [], []
        for post, (word, number) in enumerate(zip(told, best.tolist(), strict=True)):
            lang, share = _LANGUAGES[number], float(shares[post, number])
            if _FOREIGN.search(texts[post]):
                lang = "other"
            short = len(texts[post]) < _SHORT
            if lang == "other" or short or share < _CLEAR:
                hinted = _hinted(texts[post], word)
                trusted = _share(hinted, shares[post])
                if lang == "other":
                    lang = hinted if hinted not in READ else UNKNOWN
                elif hinted in READ and (short or trusted >= _DENIED):
                    lang, share = hinted, max(trusted, _HINTED)
                elif share < (_SURE if short else _GUESSED):
                    lang = UNKNOWN
            found.append(lang)
            odds.append(share)
        return found, odds


def _hinted(text: str, told: str | None) -> str:
    """What small words say of a language, or the network where they say nothing."""
    line = folded(words(text))
    found = language(None, line)
    return found if found != UNKNOWN else language(told, line)


def names(text: str) -> bool:
    """Whether a post names somebody: all that is known of sets without context."""
    return "@" in text


def addressed(facts: Sequence[Facts]) -> list[bool]:
    """Which posts are written to us."""
    return [is_to_us(post) for post in facts]


def _share(lang: str, shares: NDArray[np.float32]) -> float:
    return float(shares[_LANGUAGES.index(lang)]) if lang in _LANGUAGES else 0.0


def verdicts(
    facts: Sequence[Facts], seen: Read, said: Answers, model: Linear, also: Reason | None = None
) -> list[Verdict]:
    """The verdicts that follow from the answers of a model about posts that were read.

    `also`: a reason that all of them share, such as who looked again.
    """
    kinds = said["kind"].argmax(axis=1).tolist()
    reasons = evidence(model, seen.posts, seen.hints, seen.readings, kinds)
    flags = np.stack([said[flag.name][:, 1] for flag in FLAGS], axis=1).tolist()
    kind, tone = said["kind"].tolist(), said["tone"].tolist()
    about = said["about"][:, 1].tolist()
    found = []
    for post, (fact, reading) in enumerate(zip(facts, seen.readings, strict=True)):
        judged, told = reading.lang in _JUDGED, reasons[post]
        told = (also, *told) if also else told
        odds = seen.lang_odds[post]
        seems = Found(kind[post], tone[post], flags[post], about[post], odds, judged, told)
        found.append(decide(fact, reading, seems))
    return found
