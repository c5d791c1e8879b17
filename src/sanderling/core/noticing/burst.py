"""Is there a burst of posts that say one thing, and how badly does chance explain it?

A burst grows from one post. Its neighbours are the posts that share its rare terms; what they have
in common is a profile, a weight for each term:

    weight = ln(share among the members / share in the brand's usual posts)

The posts that fit the profile are the members of the next round. A member is weighed without its
own part in the profile, or any handful of posts would seem to belong together. What counts in the
end is how many of the recent posts fit against how many of the brand's posts of earlier weeks do:

    score = n KL(members / n || share of earlier posts that fit)

the log-likelihood ratio of a binomial, which a louder day of the brand leaves as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sanderling.core.noticing.terms import PLACES

Terms = NDArray[np.uint16]
Floats = NDArray[np.float64]

_NEAR = 6.0
"""Neighbours share terms that one post in e^6 would share by chance."""

_ROUNDS = 3
_FEWEST = 3
"""Fewer posts than these have nothing in common."""

_FITS = (3.0, 6.0)
"""How well a post must fit the profile, in nats; whichever parts recent posts from earlier ones
better."""

_COMMON = 0.5
"""A term of the profile stands in such a share of the members, and in two of them."""

_TELLING = 0.7
"""And it is e^0.7 times as frequent among them as usual."""

_DOUBT = 6.0
"""So many posts as usual as it gets are added to the members before their share is taken."""

_UNSEEN = 1.0
"""So many earlier posts are thought to have fit besides those that did."""

_STRANGE = 0.5
"""What each term outside the profile takes from how well a post fits."""


class Profile(NamedTuple):
    """What the posts of a burst have in common: terms, the most telling first, and their weights;
    `alone`: those for a member, without its own part in them. A post fits from `least` on."""

    terms: Terms
    weights: Floats
    alone: Floats
    least: float

    def fit(self, posts: Terms) -> Floats:
        """How well each post fits, in nats."""
        return fit(posts, self.terms, self.weights)

    def without_oneself(self, posts: Terms) -> Floats:
        """How well each fits as a member, in nats."""
        return fit(posts, self.terms, self.alone)


class Now(NamedTuple):
    """What a burst is looked for in. `posts`: recent ones, of different authors; `before`: a
    sample of earlier ones; `share`: how usual terms are."""

    posts: Terms
    before: Terms
    share: Callable[[Terms], Floats]


class Burst(NamedTuple):
    """What was found: which of the recent posts are in it, what they share, the share of them that
    was to be expected, and the score in nats."""

    members: NDArray[np.bool_]
    profile: Profile
    expected: float
    score: float


def deviance(seen: Floats, of: Floats | float, share: Floats | float) -> Floats:
    """The log-likelihood ratio of so many of so many against that share, in nats; 0 below it."""
    seen, share = np.asarray(seen, float), np.asarray(share, float)
    rest, expected = of - seen, of * share
    with np.errstate(divide="ignore", invalid="ignore"):
        more = seen * np.log(seen / expected)
        fewer = np.where(rest > 0, rest * np.log(rest / (of - expected)), 0)
    return np.where(seen > expected, more + fewer, 0.0)


def find(seed: Terms, now: Now, authors: int) -> Burst | None:
    """The burst around a post with these terms; None if fewer than `authors` say the same."""
    members = fit(now.posts, seed, -np.log(now.share(seed)), strange=0) >= _NEAR
    best: Burst | None = None
    for _ in range(_ROUNDS):
        profile = _profile(members, now)
        if profile is None:
            break
        fits = np.where(members, profile.without_oneself(now.posts), profile.fit(now.posts))
        members = fits >= _FITS[0]
        if members.sum() >= authors:
            found = _parted(fits, profile, now, authors)
            members = found.members
            best = found if best is None else max(best, found, key=lambda burst: burst.score)
    return best


def _profile(members: NDArray[np.bool_], now: Now) -> Profile | None:
    """What the members have in common; None where that is nothing."""
    count = float(members.sum())
    if count < _FEWEST:
        return None
    terms, seen = np.unique(now.posts[members], return_counts=True)
    common = (terms > 0) & (seen >= max(2, _COMMON * count))
    terms, seen = terms[common], seen[common].astype(float)
    usual = now.share(terms)
    weights = np.log((seen + _DOUBT * usual) / (count + _DOUBT) / usual)
    alone = np.log((seen - 1 + _DOUBT * usual) / (count - 1 + _DOUBT) / usual)
    order = np.argsort(-alone * seen, kind="stable")
    order = order[alone[order] > _TELLING]
    return Profile(terms[order], weights[order], alone[order], _FITS[0]) if len(order) else None


def _parted(fits: Floats, profile: Profile, now: Now, authors: int) -> Burst:
    """The members at whichever line parts recent posts from earlier ones better."""
    before = profile.fit(now.before)
    lines = [line for line in _FITS if (fits >= line).sum() >= authors]
    bursts = [_cut(fits, before, profile._replace(least=line)) for line in lines]
    return max(bursts, key=lambda burst: burst.score)


def _cut(fits: Floats, before: Floats, profile: Profile) -> Burst:
    members = fits >= profile.least
    share = float(((before >= profile.least).sum() + _UNSEEN) / (len(before) + 2 * _UNSEEN))
    score = float(deviance(members.sum(), len(fits), share))
    return Burst(members, profile, share, score)


def fit(posts: Terms, terms: Terms, weights: Floats, strange: float = _STRANGE) -> Floats:
    """How well each post fits: the weights of its terms, less what is strange in it, in nats."""
    table = np.zeros(PLACES, np.float32)
    table[terms] = weights + strange
    found: Floats = table[posts].sum(axis=1) - strange * (posts > 0).sum(axis=1)
    return found
