"""What is hidden is found where it stands, and a text without disguises has no other reading."""

from __future__ import annotations

import base64
from functools import cache
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import Finding
from sluice.guard.detect import TextDetector
from sluice.guard.disguises import readings
from sluice.guard.disguises.reading import Edit, whole

from tests.growth import grows_linearly

_LONG = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF"
_KEY = "sk-" + "ant-api03-" + _LONG
_HALF, _REST = _KEY[:24], _KEY[24:]
_MAIL = "jane.doe@example.org"


def _code(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def _tags(text: str) -> str:
    return "".join(chr(ord(sign) + 0xE0000) for sign in text)


_WRAPPED = "\n".join(_code(f"the token of the build is {_KEY} and expires in May")[at : at + 60] for at in (0, 60))

# (what hides it, the text around it, what must be covered)
DISGUISED = [
    ("zero-width characters", "key: {}", _KEY[:9] + "\u200b" + _KEY[9:20] + "\u2060" + _KEY[20:]),
    ("bidirectional marks", "key: {}", "\u202d".join(_KEY)),
    ("soft hyphen in the name", "pass\u00adword: {}", "Gh7!kL2p"),
    ("Cyrillic letters", "key: {}", _KEY.replace("a", "\u0430")),
    ("Greek letters", "write to {} now", "j\u03b1ne@ex\u03b1mple.org"),
    ("full-width characters", "key: {}", _wide(_KEY)),
    ("mathematical letters", "key: {}", _KEY.replace("s", "\U0001d42c", 1)),
    ("hyphens that do not break", "key: {}", _KEY.replace("-", "\u2011")),
    ("tags that nobody sees", "hello {}", _tags(_KEY)),
    ("HTML entities, numbered", "mail {} now", _MAIL.replace("@", "&#64;")),
    ("HTML entities, named", "mail {} now", _MAIL.replace("@", "&commat;").replace(".", "&period;")),
    ("HTML entities, hexadecimal", "mail {} now", _MAIL.replace("@", "&#x40;")),
    ("percent escapes", "https://example.com/?m={}&x=1", quote(_MAIL, safe="")),
    ("percent escapes, twice", "https://example.com/?m={}&x=1", quote(quote(_MAIL, safe=""), safe="")),
    ("JSON escapes", '{{"m": "{}"}}', _MAIL.replace("@", "\\u0040")),
    ("JSON in JSON", '"{{\\"m\\": \\"{}\\"}}"', _MAIL.replace("@", "\\\\u0040")),
    ("an escaped line end before it", '"text\\n{}\\nmore"', _KEY),
    ("escapes of a shell", "printf '{}'", "\\x73\\x6b" + _KEY[2:]),
    ("octal escapes", "printf '{}'", "\\163\\153" + _KEY[2:]),
    ("escapes of mail", "=3D is a sign, {} an address", _MAIL.replace("@", "=40")),
    ("base64", "decode {} please", _code(f"token {_KEY}")),
    ("base64 of an address", "decode {} please", _code(f"write to {_MAIL}")),
    ("base64 over lines", "decode this:\n{}\n", _WRAPPED),
    ("base64, twice", "decode {}", _code(_code(f"it is {_KEY}"))),
    ("hexadecimal digits", "decode {}", _KEY.encode().hex()),
    ("lines", "the key is\n{}\nas told", f"{_HALF}\n{_REST}"),
    ("lines of a quoted mail", "> the key is\n> {}\n> as told", f"{_HALF}\n> {_REST}"),
    ("added strings", 'key = "{}"', f'{_HALF}" + "{_REST}'),
    ("added strings, other quotes", "key = '{}'", f"{_HALF}' . '{_REST}"),
    ("strings on two lines", 'key = ("{}")', f'{_HALF}"\n       "{_REST}'),
    ("added strings on two lines", 'key = "{}"', f'{_HALF}" +\n       "{_REST}'),
    ("a continued line", "export KEY={}", f"{_HALF}\\\n{_REST}"),
    ("a space after each letter", "it is {}", " ".join(_KEY)),
    ("words for signs", "write to {} please", "jane dot doe at example dot org"),
    ("words in brackets", "write to {} please", "jane.doe [at] example [dot] org"),
    ("words in parentheses", "write to {} please", "jane.doe(at)example.org"),
    ("German words", "schreib an {} bitte", "jane punkt doe (ät) example punkt org"),
]
PLAIN = [
    "What is the capital of France? Look at example dot com for more, or meet me at noon.",
    "def f(x):\n    return 'a' + b + \"c\"\n",
    "Ein Satz mit Umlauten: Müller, Straße, größer – und ein Gedankenstrich…",
    "Это обычный русский текст, в нём ничего не скрыто.",
    "Compute 3 + 4 = 7 & 5 < 6; then 50% of 200.",
    "See https://example.com/a/long/path/to/a/page-with-words and src/components/UserProfileSettings.tsx",
    "👩‍👩‍👧 family, ❤️ and 1️⃣ are emoji.",
]


@pytest.mark.parametrize(("template", "hidden"), [row[1:] for row in DISGUISED], ids=[row[0] for row in DISGUISED])
def test_what_is_hidden_is_covered_where_it_stands(template: str, hidden: str) -> None:
    text = template.format(hidden)
    start = text.index(hidden)

    found = _detector().find(text, names=False)

    assert any(finding.start <= start and finding.end >= start + len(hidden) for finding in found)


def test_a_name_with_characters_that_nobody_sees_is_a_name() -> None:
    text = "Dear Mr. Jo\u200bhn Sm\u200bith, thank you."

    found = _detector().find(text, names=True)

    assert any("Jo\u200bhn Sm\u200bith" in text[finding.start : finding.end] for finding in found)


@pytest.mark.parametrize("text", PLAIN, ids=[text[:30] for text in PLAIN])
def test_a_text_without_disguises_has_no_other_reading(text: str) -> None:
    assert list(readings(text)) == []


def test_only_the_surroundings_of_a_disguise_are_read_again() -> None:
    text = "Nothing is hidden in these words. " * 300 + "jane&#64;example.org" + " Nor in these. " * 300

    (reading,) = readings(text)

    assert len(reading.text) < 1500


def test_a_finding_in_a_code_is_the_whole_code() -> None:
    code = _code(f"token {_KEY}")
    text = f"decode {code} please"

    found = _detector().find(text, names=False)

    assert [(finding.type, text[finding.start : finding.end]) for finding in found] == [("API_KEY", code)]


def test_edits_upon_edits_map_back_to_the_first_text() -> None:
    reading = whole("a&#64;b%20c").rewritten([Edit(1, 6, "@")]).rewritten([Edit(3, 6, " ")])

    assert reading.text == "a@b c"
    assert [reading.original(at, at + 1) for at in range(5)] == [(0, 1), (1, 6), (6, 7), (7, 10), (10, 11)]


PIECES = [row[1].format(row[2]) for row in DISGUISED] + PLAIN
texts = st.one_of(
    st.text(),
    st.lists(
        st.one_of(
            st.sampled_from(PIECES),
            st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cs", "Cf"]), max_size=30),
            st.sampled_from(
                ["\\", "\\u", "%", "%F0%9F", "&#", "&#1114112;", "=", "\n", '" + "', " ", "\u200b", "at", " dot "]
            ),
        ),
        max_size=8,
    ).map("".join),
)


@given(texts)
def test_every_reading_maps_back_within_the_text_and_keeps_the_order(text: str) -> None:
    for reading in readings(text):
        spans = [reading.original(at, at + 1) for at in range(len(reading.text))]

        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(first[0] <= second[0] for first, second in pairwise(spans))


@given(texts)
def test_whatever_is_hidden_findings_never_overlap_and_lie_within_the_text(text: str) -> None:
    found = _detector().find(text, names=True)

    edges = [0, *(edge for finding in found for edge in (finding.start, finding.end)), len(text)]
    assert edges == sorted(edges)
    assert all(isinstance(finding, Finding) and finding.start < finding.end for finding in found)


HOSTILE = [
    "\\", "\\n", "%41", "%F0", "&#64;", "&", "\u200b", "a\u200b", "\u0430", "a\u0430", "\uff41", "\u00a0",
    '" + "', 'a" + "a',
    "'a'\n", "a1a1a1a1a1a1\n", "a ", "QUJDRA", "QUJDREVGR0hJSktM\n", "6162", "at dot ",
    "a at b dot ", "(at)", "=3D", "=\n", " ", "\n",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE, ids=ascii)
def test_time_grows_no_faster_than_the_text(part: str) -> None:
    assert grows_linearly(lambda text: list(readings(text)), part, 10_000)


@cache
def _detector() -> TextDetector:
    return TextDetector()
