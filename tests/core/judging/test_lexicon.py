"""The lexicon's files, and the language a post is taken for."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from sanderling.core.judging.language import language
from sanderling.core.judging.signs import LANGUAGES, THEMES, Group, lexicon
from sanderling.core.judging.words import folded, words

FILES = (*LANGUAGES, "shared")
WEIGHED = {group.name.lower() for group in Group}
LISTS = {"stopwords", "negation", "boost", "numbers"}
QUOTED = {"strong", "plain", "slight"}
NEVER_QUOTED = {"silent", "faint"}


def read(name: str) -> dict:
    source = files("sanderling.core.judging") / "lexicon" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def terms(file: dict) -> list[str]:
    nested = [
        found for value in file.values() if isinstance(value, dict) for found in value.values()
    ]
    return [term for found in (*nested, *(file.get(name, []) for name in LISTS)) for term in found]


def test_every_file_of_the_folder_is_read():
    folder = files("sanderling.core.judging") / "lexicon"
    assert {f.name for f in folder.iterdir()} == {f"{name}.toml" for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_only_sections_that_mean_something(name):
    file = read(name)
    assert file.keys() <= WEIGHED | LISTS | {"urgent"}
    assert file.get("urgent", {}).keys() <= THEMES.keys()
    assert all(file[group].keys() <= QUOTED | NEVER_QUOTED for group in WEIGHED & file.keys())


@pytest.mark.parametrize("name", FILES)
def test_what_is_always_quoted_can_be(name):
    file = read(name)
    assert not [g for g in ("spam", "mocking") if NEVER_QUOTED & file.get(g, {}).keys()]


@pytest.mark.parametrize("name", FILES)
def test_a_term_has_one_strength_in_a_group(name):
    file = read(name)
    for group in WEIGHED & file.keys():
        listed = [term for found in file[group].values() for term in found]
        assert len(listed) == len(set(listed)), (group, {t for t in listed if listed.count(t) > 1})


@pytest.mark.parametrize("name", FILES)
def test_every_term_leaves_something_to_look_for(name):
    assert not [term for term in terms(read(name)) if not folded(words(term)).strip()]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_term_is_found_in_a_post_that_is_nothing_but_it(name):
    file, known = read(name), lexicon(name)
    meaningful = {key: value for key, value in file.items() if key not in ("stopwords", "numbers")}
    spoken = [term.replace("#", file["numbers"][0]) for term in terms(meaningful)]
    assert not [term for term in spoken if not known.find(folded(words(term)))]


def test_a_number_is_found_in_digits_and_in_words():
    known = lexicon("en")
    for text in ("no reply for 13 days", "no reply for nine days"):
        found = [known.signs[index].term for index, *_ in known.find(folded(words(text)))]
        assert text.removeprefix("no reply ") in found


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_speaks_of_everything(name):
    file = read(name)
    assert file.keys() >= WEIGHED | LISTS
    assert file["urgent"].keys() == THEMES.keys()


def test_a_word_is_not_found_inside_another():
    def found(text):
        known = lexicon("en")
        return [known.signs[index].term for index, *_ in known.find(folded(words(text)))]

    assert "late" in found("the parcel is late")
    assert "late" not in found("I bought a chocolate plate")
    assert "disappoint…" in found("so disappointing")


def test_german_umlauts_are_found_however_they_are_typed():
    known = lexicon("de")
    for spelling in ("Störung", "Stoerung", "Storung", "STÖRUNG", "Sto\u0308rung"):
        assert known.find(folded(words(spelling))), spelling


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("I would like to know when the shop opens", "en"),
        ("ich habe seit heute keinen Empfang", "de"),
        ("tengo un problema con la factura de este mes", "es"),
        ("je ne comprends pas pourquoi c'est si cher", "fr"),
        ("eu não consigo pagar a minha fatura hoje", "pt"),
        ("ik heb een vraag over mijn rekening", "nl"),
        ("non capisco perché la bolletta è così alta, grazie", "it"),
        ("почему нет связи", "ru"),
        ("つながらないのはなぜ", "ja"),
        ("연결이 안 돼요", "ko"),
        ("لماذا لا يعمل", "ar"),
        ("xkcd 42", "und"),
        ("", "und"),
    ],
)
def test_the_language_is_guessed_from_common_words_and_script(text, lang):
    assert language(None, folded(words(text))) == lang


@pytest.mark.parametrize(
    ("told", "lang"),
    [("de", "de"), ("pt-BR", "pt"), ("EN", "en"), ("tr", "tr"), ("und", "en"), ("qme", "en"),
     ("zxx", "en"), ("", "en"), ("<script>", "en"), ("日本", "en"), (None, "en")],
)  # fmt: skip
def test_the_network_knows_the_language_better_unless_it_names_none(told, lang):
    assert language(told, folded(words("I would like to know"))) == lang
