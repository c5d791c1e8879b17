from sanderling.bench import corpus, match
from sanderling.core.query import Matcher, Subject, parse


def test_the_benchmark_reports_each_number_of_columns_by_its_digits():
    found = match.run(columns=(20, 60))
    assert list(found) == ["20", "60"]
    for figures in found.values():
        assert {"posts_per_s", "rebuild_s", "first_build_s", "hits_per_post"} == set(figures)
        assert figures["posts_per_s"] > 0


def test_posts_and_columns_are_the_same_for_the_same_seed_and_differ_for_another():
    assert corpus.posts(50, seed=4) == corpus.posts(50, seed=4) != corpus.posts(50, seed=5)
    assert corpus.columns(50, seed=4) == corpus.columns(50, seed=4) != corpus.columns(50, seed=5)
    assert len(set(corpus.vocabulary())) == len(corpus.vocabulary()) == 60_000


def test_posts_look_like_posts():
    posts = corpus.posts(1_000)
    assert 140 < sum(map(len, posts)) / len(posts) < 180
    assert max(map(len, posts)) <= 280
    assert 0.4 < sum(map(str.isascii, posts)) / len(posts) < 0.7


def test_every_column_is_a_query_and_half_of_them_are_bare_terms():
    columns = corpus.columns(400)
    assert all(map(parse, columns))
    bare = set(corpus.phrases(200))
    assert set(columns[::2]) == bare
    assert not bare & set(columns[1::2])


def test_a_thousand_bare_terms_hit_one_post_in_fifteen():
    matcher = Matcher(enumerate(map(parse, corpus.phrases(1_000))))
    hits = sum(map(len, matcher.match([Subject(text=post) for post in corpus.posts(4_000)])))
    assert 0.05 < hits / 4_000 < 0.09
