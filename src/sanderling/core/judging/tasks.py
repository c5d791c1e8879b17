"""The questions a model answers about a post, with their answers in a fixed order.

Names and labels of public sets are understood as they stand: `known` maps each of them to ours.
"""

from __future__ import annotations

import msgspec

from sanderling.core.verdict import Flag, Kind, Tone

READ = ("en", "de", "es", "fr", "pt", "it", "ar", "hi", "hi-Latn")
"""The languages that posts are judged in."""


class Task(msgspec.Struct, frozen=True):
    """A question and its possible answers. `metric`: how its sets are scored in the literature."""

    name: str
    classes: tuple[str, ...]
    metric: str = "macro-F1"
    aliases: dict[str, str] = {}

    def known(self, label: object) -> str | None:
        """Our answer for a label as a public set has it; None where it means none of ours."""
        said = str(label).strip()
        for name in (said, said.lower(), self.aliases.get(said.lower(), "")):
            if name in self.classes:
                return name
        return None


_YES_NO = ("no", "yes")
_YES = dict.fromkeys(("1", "true", "yes"), "yes") | dict.fromkeys(("0", "false", "no"), "no")
_NAMES = {
    "english": "en", "german": "de", "spanish": "es", "french": "fr", "portuguese": "pt",
    "italian": "it", "arabic": "ar", "hindi": "hi", "hinglish": "hi-Latn", "hi-latn": "hi-Latn",
}  # fmt: skip

TASKS = {
    task.name: task
    for task in (
        Task(
            "sentiment",
            ("negative", "neutral", "positive"),
            "macro-recall",
            {"0": "negative", "1": "neutral", "2": "positive"},
        ),
        Task("complaint", _YES_NO, aliases=_YES | {"complaint": "yes", "non-complaint": "no"}),
        Task("kind", tuple(Kind)),
        Task(
            "tone",
            tuple(tone.name.lower() for tone in Tone),
            aliases={str(int(tone)): tone.name.lower() for tone in Tone},
        ),
        Task(
            "emotion",
            ("anger", "joy", "optimism", "sadness", "other"),
            aliases={"0": "anger", "1": "joy", "2": "optimism", "3": "sadness"},
        ),
        Task(
            "about",
            _YES_NO,
            aliases=_YES
            | {
                "related and informative": "yes", "related - but not informative": "yes",
                "not related": "no", "not applicable": "no", "on-topic": "yes", "off-topic": "no",
                "relevant": "yes", "irrelevant": "no", "negative": "yes", "neutral": "yes",
                "positive": "yes",
            },
        ),
        Task(
            "offensive",
            _YES_NO,
            aliases=_YES | {"offensive": "yes", "not-offensive": "no", "non-offensive": "no"},
        ),
        Task(
            "irony", _YES_NO, "F1 of irony", _YES | {"irony": "yes", "non_irony": "no"}
        ),
        Task("lang", (*READ, "other", "mul", "und"), "accuracy", _NAMES),
    )
}  # fmt: skip

FLAGS = tuple(Task(flag.value, _YES_NO, aliases=_YES) for flag in Flag)
"""One question a flag; asked with the others, each of them by itself."""
