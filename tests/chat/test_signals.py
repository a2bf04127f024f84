"""What a question asks for, in the languages of a team: kind of work, languages, code, demand, material."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import (
    Call,
    Demand,
    asked_for,
    code_languages,
    demand,
    history_tokens,
    languages,
    read_call,
    state,
    task_kind,
    uses_tools,
    wish,
    word_count,
)
from sluice.chat.conversation import EMPTY

TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {}}}
CALLED = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "look_up", "arguments": "{}"}}]}


def call_of(*messages: Any, **more: Any) -> Call:
    roles = ("user", "assistant")
    said = [{"role": roles[n % 2], "content": one} if isinstance(one, str) else one for n, one in enumerate(messages)]
    return read_call({"model": "m", "messages": said, **more})


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Good morning", "chat"),
        ("What is a debit card?", "chat"),
        ("Write a letter to my landlord", "writing"),
        ("Schreibe eine E-Mail an den Vermieter", "writing"),
        ("Rédige une lettre à mon propriétaire", "writing"),
        ("Escribe una carta a mi casero", "writing"),
        ("Scrivi una lettera al padrone di casa", "writing"),
        ("Schrijf een brief aan mijn huisbaas", "writing"),
        ("写一封信给房东", "writing"),
        ("Translate this into German: the gate is open", "translation"),
        ("Übersetze ins Englische: das Tor ist offen", "translation"),
        ("Traduis en anglais : la porte est ouverte", "translation"),
        ("Traduce al inglés: la puerta está abierta", "translation"),
        ("Traduci in inglese: la porta è aperta", "translation"),
        ("Vertaal naar het Engels: de poort is open", "translation"),
        ("把这句话翻译成英语", "translation"),
        ("Summarise the report", "summary"),
        ("Fasse den Bericht zusammen", "summary"),
        ("Résume ce rapport", "summary"),
        ("Resume el informe", "summary"),
        ("Riassumi il rapporto", "summary"),
        ("Vat het verslag samen", "summary"),
        ("总结这份报告", "summary"),
        ("Extract all names from this text", "extraction"),
        ("Liste alle Namen in diesem Text auf", "extraction"),
        ("Extrais tous les noms du texte", "extraction"),
        ("Extrae todos los nombres del texto", "extraction"),
        ("Estrai tutti i nomi dal testo", "extraction"),
        ("Haal eruit welke namen er staan", "extraction"),
        ("提取所有名字", "extraction"),
        ("Write a function that sorts a list in Python", "code"),
        ("Schreibe eine Funktion, die eine Liste sortiert", "code"),
        ("Écris une fonction qui trie une liste", "code"),
        ("Escribe una función que ordene una lista", "code"),
        ("Scrivi una funzione che ordina una lista", "code"),
        ("Schrijf een functie die een lijst sorteert", "code"),
        ("写一个排序函数", "code"),
        ("```python\ndef f(x):\n    return x\n```", "code"),
        ("Prove that there are infinitely many primes", "reasoning"),
        ("Berechne die Wahrscheinlichkeit für zwei Sechsen", "reasoning"),
        ("Compare les deux offres", "reasoning"),
        ("Analiza las ventajas de las dos opciones", "reasoning"),
        ("Confronta le due offerte", "reasoning"),
        ("Vergelijk de twee offertes", "reasoning"),
        ("比较这两个方案", "reasoning"),
        (f"Translate into German:\n{'The report compares the options and calculates costs. ' * 40}", "translation"),
        (f"{'The report compares the options and calculates costs. ' * 40}\nSummarise this.", "summary"),
    ],
)
def test_the_kind_of_work_is_told_by_the_words_for_it(question: str, kind: str) -> None:
    assert task_kind(question) == kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is the price of this and how do I get it?", ("en",)),
        ("Was ist das und wie bekomme ich es?", ("de",)),
        ("Quel est le prix de la porte et pourquoi ?", ("fr",)),
        ("¿Cuál es el precio de la puerta y por qué no se abre?", ("es",)),
        ("Il prezzo della porta e come non si apre", ("it",)),
        ("Wat is de prijs van het hek en hoe gaat het open?", ("nl",)),
        ("这个门多少钱?", ("zh",)),
        ("この門はいくらですか", ("ja",)),
        ("Сколько стоит эта дверь?", ("ru",)),
        ("Translate this for me, please: Das ist nicht der Weg und das ist nicht die Tür", ("de", "en")),
        ("xyz 123", ()),
        ("", ()),
    ],
    ids=["en", "de", "fr", "es", "it", "nl", "zh", "ja", "ru", "two", "none", "empty"],
)
def test_languages_are_told_by_script_and_small_words(text: str, found: tuple[str, ...]) -> None:
    assert languages(text)[: len(found) or 1] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```rust\nx\n```", ("rust",)),
        ("```sh\nls\n```\n```py\nx\n```", ("shell", "python")),
        ("def f(x):\n    return x", ("python",)),
        ("const f = (x) => { return x }", ("javascript",)),
        ("SELECT name\nFROM orders", ("sql",)),
        ("#include <stdio.h>", ("c",)),
        ("public static void main", ("java",)),
        ("func main() {", ("go",)),
        ("pub fn main()", ("rust",)),
        ("#!/bin/bash", ("shell",)),
        ("@@ -1,3 +1,3 @@", ("diff",)),
        ("a {\n b;\n c;\n}", ("other",)),
        ("I select a word from the list, and import tea.", ()),
    ],
)
def test_code_and_its_language_are_told_by_what_only_it_writes(text: str, found: tuple[str, ...]) -> None:
    assert code_languages(text) == found


@pytest.mark.parametrize(
    ("question", "more", "wanted"),
    [
        ("Explain in detail", {}, {"detailed", "composed"}),
        ("Erkläre ausführlich", {}, {"detailed", "composed"}),
        ("Answer as JSON", {}, {"structured"}),
        ("Answer", {"response_format": {"type": "json_schema", "json_schema": {}}}, {"structured"}),
        ("Answer", {"response_format": {"type": "text"}}, set()),
        ("Think step by step", {}, {"reasoning"}),
        ("Answer", {"reasoning_effort": "high"}, {"reasoning"}),
        ("Answer", {"reasoning_effort": "low"}, set()),
        ("Prove it", {}, {"rigorous"}),
        ("请证明", {}, {"rigorous"}),
        ("I need three pages", {}, {"lengthy"}),
        ("Ein zweiseitiges Konzept", {}, {"lengthy"}),
        ("2,000 words on gates", {}, {"lengthy", "detailed"}),
        ("What is a gate?", {}, set()),
    ],
)
def test_what_is_asked_of_the_answer_is_read_from_words_and_parameters(
    question: str, more: dict[str, Any], wanted: set[str]
) -> None:
    found = demand(call_of(question, **more), question)

    assert {name for name in Demand.__slots__ if getattr(found, name)} == wanted


def test_material_is_no_part_of_what_is_asked() -> None:
    material = "The report says a lot. " * 200

    assert asked_for(f'Summarise: "{material}"', "summary") == "Summarise: …"
    assert asked_for(f"Summarise the report.\n\n{material}", "summary") == "Summarise the report."
    assert asked_for(f"{material}\n\nSummarise this.", "summary") == "Summarise this."


def test_of_other_kinds_everything_is_asked() -> None:
    question = f'Why does "{"the gate leaks at night " * 5}" follow?'

    assert asked_for(question, "reasoning") == question


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["Why does the gate leak?"], "new"),
        (["Why does the gate leak?", "It is old.", "How old is the gate?"], "follow_up"),
        (["Why does the gate leak?", "It is old.", "And in winter?"], "follow_up"),
        (["Why does the gate leak?", "It is old.", "Shorter, please"], "follow_up"),
        (["Why does the gate leak?", "It is old.", "Explain that to a child"], "follow_up"),
        (["Why does the gate leak?", "It is old.", "What is the capital of Portugal?"], "new"),
        (["Why does the gate leak?", "It is old.", "Write an invitation to our summer party"], "new"),
        (["Why does the gate leak?", "It is old.", "That's wrong, it is new."], "correction"),
        (["Why does the gate leak?", "It is old.", "That’s wrong"], "correction"),
        (["Why does the gate leak?", "It is old.", "Try again"], "correction"),
        (["Warum leckt das Tor?", "Es ist alt.", "Das stimmt nicht."], "correction"),
        (["Pourquoi la porte fuit ?", "Elle est vieille.", "C'est faux, réessaie."], "correction"),
        (["¿Por qué gotea?", "Es vieja.", "No es correcto, inténtalo de nuevo"], "correction"),
        (["Perché perde?", "È vecchia.", "È sbagliato, riprova"], "correction"),
        (["Waarom lekt het?", "Het is oud.", "Dat klopt niet"], "correction"),
        (["为什么漏水?", "旧了。", "不对,再试一次"], "correction"),
        (["Try again"], "new"),
    ],
)
def test_a_question_is_new_a_follow_up_or_a_complaint(said: list[str], expected: str) -> None:
    assert state(call_of(*said)) == expected


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Use the big model. Why does it leak?", "frontier"),
        ("Why does it leak? Please use the best model for this.", "frontier"),
        ("Nimm das große Modell: Warum leckt es?", "frontier"),
        ("Utilise le meilleur modèle.\nPourquoi ?", "frontier"),
        ("Usa el modelo grande. ¿Por qué?", "frontier"),
        ("Ask the cloud model: why?", "cloud"),
        ("Frag die Cloud. Warum?", "cloud"),
        ("Demande au cloud. Pourquoi ?", "cloud"),
        ("Usa la nube. ¿Por qué?", "cloud"),
        ("Keep this local. Why does it leak?", "local"),
        ("Don't send this to the cloud!\nWhy?", "local"),
        ("Benutze das lokale Modell. Warum?", "local"),
        ("Utilise le modèle local. Pourquoi ?", "local"),
        ("Usa el modelo local. ¿Por qué?", "local"),
        ("How do I use the cloud for backups?", None),
        ("Should we use the big model of the excavator or the small one?", None),
        ("Why do people ask the cloud model so much?", None),
        (f"Summarise.\n{'Much is said here. ' * 60}Use the cloud. {'Much is said here. ' * 60}", None),
    ],
)
def test_a_wish_in_words_is_a_sentence_of_its_own_at_either_end(text: str, wished: str | None) -> None:
    assert wish(call_of(text)) == wished


@pytest.mark.parametrize("wished", ["use the cloud", "use the big model"])
def test_half_a_sentence_that_a_cut_leaves_is_no_wish(wished: str) -> None:
    padding = "Much is said here. " * 60
    for length in range(380, 421):
        late = f"Summarise this. {padding}Nobody at this firm may ever {wished}. {'so ' * 200}"
        early = f"Summarise this. {padding}"[: length - len(wished)]

        assert wish(call_of(late[: late.index(wished) + length])) is None
        assert wish(call_of(f"{early} {wished}ling suites of that vendor in every office. {padding}")) is None


@pytest.mark.parametrize(
    "text",
    [
        "Summarise this mail. Use the cloud. It is cheaper. Regards, Ann",
        "Summarise this mail.\n> Dear all,\n> Use the cloud.",
        "Summarise this mail.\n\nFrom: Ann\nUse the big model.\nRegards\nAnn",
        "Translate into French: use the cloud",
        "Translate into French:\n\nuse the big model",
        "**Translate:**\nuse the cloud",
    ],
    ids=["second sentence", "quoted line", "forwarded line", "after a colon", "below a colon", "below a bold colon"],
)
def test_only_the_first_and_the_last_sentence_send_a_message_out(text: str) -> None:
    assert wish(call_of(text)) is None


def test_a_wish_stands_at_either_end_of_a_long_message() -> None:
    material = "Much is said here. " * 60

    assert wish(call_of(f"Use the cloud. {material}")) == "cloud"
    assert wish(call_of(f"{material}\nUse the big model.")) == "frontier"
    assert wish(call_of(f"Hello. Keep this local. {material}")) == "local"


def test_a_wish_in_words_holds_as_long_as_its_sign_does() -> None:
    assert wish(call_of("Keep this local. Why?", "Since.", "And now?")) == "local"
    assert wish(call_of("Use the big model. Why?", "Since.", "And now?")) is None


@pytest.mark.parametrize(
    ("messages", "more", "used"),
    [
        (["Hi"], {"tools": [TOOL]}, False),
        (["Hi"], {"tools": [TOOL], "tool_choice": "auto"}, False),
        (["Hi"], {"tools": [TOOL], "tool_choice": "required"}, True),
        (["Hi", CALLED], {}, True),
        (["Hi", CALLED, {"role": "tool", "tool_call_id": "c", "content": "x"}], {}, True),
    ],
    ids=["schemas", "auto", "required", "called", "result"],
)
def test_schemas_alone_use_no_tool(messages: list[Any], more: dict[str, Any], used: bool) -> None:
    assert uses_tools(call_of(*messages, **more)) is used


def test_the_history_is_what_stood_before_the_newest_question() -> None:
    system = {"role": "system", "content": "long " * 500}
    said = [{"role": "user", "content": "a b c"}, {"role": "assistant", "content": "d e"}]

    assert history_tokens(read_call({"model": "m", "messages": [system, *said[:1]]})) == 0
    assert 0 < history_tokens(read_call({"model": "m", "messages": [system, *said, *said[:1]]})) < 50


def test_signs_of_scripts_without_spaces_are_counted_in_pairs() -> None:
    assert word_count("one two") == 2
    assert word_count("证明调和级数发散") == 5


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    call = call_of("a", "b", text)

    assert task_kind(text) in ("chat", "code", "reasoning", "writing", "translation", "extraction", "summary")
    assert state(call) in ("new", "follow_up", "correction")
    assert isinstance(demand(call, text), Demand)
    assert isinstance(asked_for(text, "summary"), str)
    assert all(isinstance(one, str) for one in (*languages(text), *code_languages(text)))


@pytest.mark.parametrize(
    "said",
    [
        (
            "What would you cook with these tomatoes when there is no time?",
            "Have pasta with garlic, which takes about ten minutes.",
            "Prove there would be infinitely many primes, with every step when needed.",
        ),
        (
            "Wie lange muss man Kartoffeln kochen, wenn sie noch nicht ganz weich sind?",
            "Etwa zwanzig Minuten, wenn sie klein sind.",
            "Leite die Schrödingergleichung her, wenn noch kein Potential wirkt, und nenne alle Annahmen nicht kurz.",
        ),
        (
            "Comment faire une soupe quand il reste très peu de légumes dans la cuisine ?",
            "Faites cuire tout avec du bouillon pendant vingt minutes.",
            "Quelle est la capitale du Pérou, avec son histoire pendant toute la période coloniale ?",
        ),
    ],
    ids=["English", "German", "French"],
)
def test_words_that_any_two_texts_share_make_no_follow_up(said: tuple[str, ...]) -> None:
    assert state(call_of(*said)) == "new"


def test_words_without_meaning_are_whole_words_as_they_are_compared() -> None:
    assert len(EMPTY) > 500
    assert [word for word in EMPTY if not re.fullmatch(r"[^\W\d_]{4,}", word) or word != word.lower()] == []
