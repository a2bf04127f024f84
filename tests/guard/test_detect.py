"""What is found in a text, and what is left alone."""

from __future__ import annotations

import string
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import CLASS_OF, CLASSES
from sluice.guard.detect import TextDetector

from tests.growth import grows_linearly

HARMLESS = [
    "What is the capital of France, and how large is its share of Europe?",
    "Explain binary search in Python and write unit tests for it.",
    "Summarize this in three bullet points:\n- first\n- second",
    "A. Wrong, Wrong\nB. Right, Wrong\nC. Not wrong\nD. Neither",
    "Let $p$ be prime and $f(x) = x^2 + p$. Compute $f(3)$.",
    "def login(password: str, token: str | None = None) -> None: ...",
    "password = getpass.getpass()",
    "password=${DB_PASSWORD}",
    "class User:\n    name: str\n    password: SecretStr\n    passwd = HTTPPasswordMgr()",
    "api_key = os.environ['API_KEY']",
    "api_key = '<your api key>'",
    "Set max_tokens: 4096 and token_limit=8000.",
    "The password is wrong. My password was not accepted.",
    "Multiply 123456789 by 987654321, then divide by 1000000.",
    "Listen on 127.0.0.1 or [::1], version 1.2.3.",
    "git clone git@github.com:example/project.git",
    "std::vector<int> v; @app.route('/x') class A: pass",
    "It happened on 2024-01-15, again on 12/05/1999 and 3.10.1990.",
    "uuid 123e4567-e89b-12d3-a456-426614174000, sha 9f86d081884c7d659a2feaa0c55ad015",
    "Respond in JSON, not in Markdown.",
]


@pytest.fixture(scope="module")
def detector() -> TextDetector:
    return _shared()


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_is_left_alone(detector: TextDetector, text: str) -> None:
    assert detector.find(text, names=True) == []


def test_names_are_looked_for_only_on_request(detector: TextDetector) -> None:
    assert detector.find("Ask John Smith in Manchester.", names=False) == []


def test_each_part_has_its_say_and_the_stronger_keeps_its_place(detector: TextDetector) -> None:
    text = "My name is Jane Doe, jane@corp.internal, card 4012 8888 8888 1881, password: Tr0ub4dor&3"

    found = {text[one.start : one.end]: one.type for one in detector.find(text, names=True)}

    assert found == {
        "Jane Doe": "PERSON",
        "jane@corp.internal": "EMAIL_ADDRESS",
        "4012 8888 8888 1881": "CREDIT_CARD",
        "Tr0ub4dor&3": "PASSWORD",
    }


def test_every_class_of_the_policy_has_types() -> None:
    assert set(CLASS_OF.values()) == set(CLASSES) - {"document"}


PIECES = [
    "Jane Doe",
    "jane@corp.internal",
    "4012 8888 8888 1881",
    "DE89 3704 0044 0532 0130 00",
    "221B Baker Street",
    "password=hunter2!",
    "-----BEGIN PRIVATE " + "KEY-----",
    "CONFIDENTIAL",
    *HARMLESS,
]
texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cs", "Cf"]), max_size=30),
        st.text(string.digits + "-+() .@:/", max_size=30),
    ),
    max_size=6,
).map(" ".join)


@given(texts)
def test_whatever_the_text_findings_never_overlap_and_lie_within_it(text: str) -> None:
    findings = _shared().find(text, names=True)

    edges = [0, *(edge for finding in findings for edge in (finding.start, finding.end)), len(text)]
    assert edges == sorted(edges)
    assert all(finding.start < finding.end for finding in findings)
    assert all(finding.klass == CLASS_OF[finding.type] for finding in findings)


@given(texts)
def test_the_same_text_has_the_same_findings(text: str) -> None:
    assert _shared().find(text, names=False) == _shared().find(text, names=False)


@pytest.mark.parametrize(
    "part", ["1", "12-", "4 5 ", "a.", "aA1 ", "a@", "-----BEGIN PRIVATE KEY-----", "pass ", "x:/"]
)
def test_time_grows_no_faster_than_the_text(detector: TextDetector, part: str) -> None:
    assert grows_linearly(lambda text: detector.find(text, names=False), part, 3_000)


@cache
def _shared() -> TextDetector:
    return TextDetector()
