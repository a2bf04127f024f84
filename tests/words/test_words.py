"""Everything that is decided can be said in each language that there is, and English for all others."""

import ast
import pickle
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from sluice import words as package
from sluice.words import LANGUAGES, listed, said, words

SOURCE = Path(package.__file__).parents[1]
FIELD = re.compile(r"\{(\w+)\}")


def templates() -> Iterator[str]:
    """Every literal that the package hands to `words`."""
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "sluice.words import" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words":
                given = node.args[0]
                if isinstance(given, ast.Constant):
                    yield given.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_words_in_each_language(language: str) -> None:
    assert set(templates()) - set(LANGUAGES[language]) == set()


def test_all_languages_say_the_same() -> None:
    assert len({frozenset(known) for known in LANGUAGES.values()}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_uses_no_value_that_its_template_lacks(language: str) -> None:
    # The place in line is an ordinal in English and a number elsewhere.
    beside = {"{ordinal} in line": {"number"}}

    for template, translated in LANGUAGES[language].items():
        assert set(FIELD.findall(translated)) <= set(FIELD.findall(template)) | beside.get(template, set())


def test_words_within_words_are_said_in_the_same_language() -> None:
    why = listed([words("{what} ({count})", what="personal data", count=2), words("private")])
    note = words("kept local: {why}", why=why)

    assert note == "kept local: personal data (2), private"
    assert said(note, "de") == "lokal behalten: persönliche Daten (2), privat"
    assert said(note, "zh") == "保留在本地:个人数据(2), 私密"


@pytest.mark.parametrize("language", ["", "en", "pt", "xx"])
def test_english_is_said_where_there_are_no_words(language: str) -> None:
    assert said(words("lane {lane}", lane="coder"), language) == "lane coder"


@pytest.mark.parametrize("text", ["qwen3:8b reads {no} images", "", "{", "50 % more"])
def test_what_is_no_phrase_stays_as_it_is(text: str) -> None:
    assert said(text, "de") == text
    assert said(words("private"), "de") == "privat"
    assert said(words("model {lane}", lane=text), "fr") == f"modèle {text}"


def test_words_survive_copies() -> None:
    note = words("kept local: {why}", why="personal data")

    for copy in (deepcopy(note), pickle.loads(pickle.dumps(note))):
        assert said(copy, "es") == "se queda en local: datos personales"
