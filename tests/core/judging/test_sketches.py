"""What is left of a post for a comparison."""

from __future__ import annotations

import numpy as np
import pytest

from sanderling.core.judging.sketches import AT_ONCE, READ, WORDS, Rarity, sketches


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("The router, again!", [3, 6, 5]),
        ("don’t isn't", [4, 4]),
        ("iphone7 order 4711", [6, 5]),
        ("@someone see https://a.example/b?c www.b.example #hash now", [3, 3]),
        ("ﬁne ＦＲＥＥ 𝗳𝗿𝗲𝗲", [4, 4, 4]),
        ("s\u00ado\u200bft", [4]),
        ("नॉर्थविंड ने", [9, 2]),
        ("كتاب جديد", [4, 4]),
        ("料金が", [6, 6, 3]),
        ("wifi料金", [4, 6, 3]),
        ("🙏🏽 42 !?", []),
        ("", []),
    ],
)
def test_words_are_told_in_any_script(text, lengths):
    _, words = sketches(["before", text, "after"], Rarity().of)
    assert words.length[words.post == 1].tolist() == lengths


def test_the_same_word_has_the_same_hash_wherever_it_stands():
    _, words = sketches(["Router", "my ROUTER, now", "", "router router"], Rarity().of)
    routers = words.hash[words.length == 6]
    assert len(routers) == 4
    assert len(set(routers.tolist())) == 1


def test_a_post_is_read_only_so_far_whatever_folding_makes_of_it():
    _, words = sketches(["ß" * 10 * READ, "\ufdfa" * READ], Rarity().of)
    assert np.bincount(words.post, words.length).max() <= READ
    said, _ = sketches([" ".join(f"word{'x' * n}" for n in range(30))], Rarity().of)
    assert said.words.shape == (1, WORDS)
    assert (said.words != 0).all()


def test_a_post_is_sketched_alike_alone_and_in_a_full_batch():
    text = "my router blinks red since the storm, and nobody answers"
    alone, _ = sketches([text], Rarity().of)
    full, _ = sketches([*[text[:20]] * (AT_ONCE - 1), text], Rarity().of)
    assert (full.words[-1] == alone.words[0]).all()
    assert (full.letters[-1] == alone.letters[0]).all()


def test_what_many_posts_say_is_less_rare_and_forgotten_again():
    rarity = Rarity()
    _, often = sketches(["outage everywhere"] * 500, rarity.of)
    _, other = sketches(["sunshine somewhere"] * 500, rarity.of)
    before = rarity.of(often)[0]
    rarity.read(often, np.ones(500, bool))
    assert rarity.of(often)[0] == before  # not before it is told to learn
    rarity.learn()
    learnt = rarity.of(often)[0]
    assert learnt < before - 3
    rarity.read(other, np.zeros(500, bool))
    rarity.learn()
    assert rarity.of(other)[0] > learnt + 3  # copies teach nothing
    for _ in range(400):
        rarity.read(other, np.ones(500, bool))
        rarity.learn()
    assert rarity.of(often)[0] > learnt + 3
