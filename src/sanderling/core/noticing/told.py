"""What the detector is told, and what it tells."""

from __future__ import annotations

from datetime import datetime

import msgspec

from sanderling.core.verdict import Kind, Tone, Verdict


class Said(msgspec.Struct, frozen=True):
    """A public post of others. `complains`: judged so, see `complains`. `topics`, `links`: what it
    is about and where it leads, as stable names. `copy_of`: the first post that said the same."""

    post: int
    at: datetime
    author: str
    brand: str
    text: str
    complains: bool
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    reach: int = 0
    copy_of: int | None = None
    repost: bool = False


class Noticed(msgspec.Struct, frozen=True):
    """Suspected: something is suddenly frequent.

    `key` names the suspicion for good. `name` is made of its own words, `terms` are those words,
    the most telling first. `posts`: those that say it, the oldest first. `authors`: how many
    independent voices are among them. `rate`: posts a minute since the first; `expected`: what
    this brand's posts before would have let expect, in posts a minute. `score`: how much less
    likely chance is, in nats. `why`: a sentence, kept in English.
    """

    key: str
    brand: str
    at: datetime
    name: str
    terms: tuple[str, ...]
    first_post: int
    posts: tuple[int, ...]
    authors: int
    rate: float
    expected: float
    score: float
    why: str


class Joined(msgspec.Struct, frozen=True):
    """Posts that belong to a suspicion that stands, in the order in which they were told."""

    key: str
    posts: tuple[int, ...]


class Settings(msgspec.Struct, frozen=True):
    """How the detector looks.

    `window_s`: what counts as now. `authors`: so many independent voices at least. `complaints`,
    `anything`: the score from which on a burst of complaints, or of posts of any sort, is told.
    `new_brand`: what a brand without history needs besides. `rests_s`: a suspicion ends so long
    after the last post that joined it. `dismissed_s`: so long what was dismissed stays quiet,
    unless its score is `stronger` times as high. `half_life_days`: how soon the usual is forgotten.
    `sample`: posts of each brand that are remembered; `brands`: so many brands, the last heard.
    """

    window_s: int = 3 * 3_600
    authors: int = 5
    complaints: float = 8.5
    anything: float = 8.5
    new_brand: float = 10.0
    rests_s: int = 6 * 3_600
    dismissed_s: int = 7 * 86_400
    stronger: float = 2.0
    half_life_days: float = 14.0
    sample: int = 2_048
    brands: int = 200

    @property
    def sizes(self) -> tuple[int, int]:
        """What decides how much is remembered."""
        return self.sample, self.brands


def complains(verdict: Verdict) -> bool:
    """Whether a post counts as a complaint here: it needs us and complains, or asks, not glad."""
    asks = verdict.kind is Kind.QUESTION and verdict.tone >= Tone.CALM
    return verdict.needs_us and (verdict.kind is Kind.COMPLAINT or asks)
