"""Findings in order: overlaps, edges, allowed strings."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import Finding
from sluice.guard.spans import resolve, without_allowed


def _finding(kind: str, start: int, end: int, score: float = 0.5) -> Finding:
    return Finding(kind, "secret" if kind == "JWT" else "personal", start, end, score)


def test_the_stronger_keeps_its_span_and_the_weaker_what_is_left() -> None:
    text = "Jane Doe jane@example.org Smith"

    resolved = resolve(text, [_finding("PERSON", 0, 31, 0.8), _finding("EMAIL_ADDRESS", 9, 25, 1.0)])

    assert [(finding.type, text[finding.start : finding.end]) for finding in resolved] == [
        ("PERSON", "Jane Doe"),
        ("EMAIL_ADDRESS", "jane@example.org"),
        ("PERSON", "Smith"),
    ]


def test_a_secret_outranks_a_surer_finding() -> None:
    resolved = resolve("0123456789", [_finding("EMAIL_ADDRESS", 2, 8, 1.0), _finding("JWT", 0, 10, 0.7)])

    assert [finding.type for finding in resolved] == ["JWT"]


def test_overlapping_findings_of_one_type_become_one() -> None:
    resolved = resolve("Anna Maria Berg", [_finding("PERSON", 0, 10), _finding("PERSON", 5, 15, 0.9)])

    assert resolved == [_finding("PERSON", 0, 15, 0.9)]


def test_an_allowed_string_is_no_finding_in_any_letter_case() -> None:
    text = "write to Info@Example.org"

    assert without_allowed(text, [_finding("EMAIL_ADDRESS", 9, 25)], ["info@example.org"]) == []


def test_an_allowed_string_does_not_allow_a_longer_word_or_finding() -> None:
    text = "Annabel of jane@example.org"
    findings = [_finding("PERSON", 0, 7), _finding("EMAIL_ADDRESS", 11, 27)]

    assert without_allowed(text, findings, ["Ann", "example.org"]) == findings


TEXT = "Jane Doe, jane@example.org; +49 30 901820 — 1 "
findings = st.lists(
    st.builds(
        lambda kind, edges, score: _finding(kind, min(edges), max(edges) + 1, score),
        st.sampled_from(["PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "JWT"]),
        st.tuples(st.integers(0, len(TEXT) - 1), st.integers(0, len(TEXT) - 1)),
        st.sampled_from([0.4, 0.85, 1.0]),
    ),
    max_size=12,
)


@given(findings)
def test_resolved_findings_never_overlap_and_lose_no_character(found: list[Finding]) -> None:
    resolved = resolve(TEXT, found)

    assert all(first.end <= second.start for first, second in pairwise(resolved))
    covered = {at for finding in resolved for at in range(finding.start, finding.end)}
    wanted = {at for finding in found for at in range(finding.start, finding.end) if TEXT[at].isalnum()}
    assert wanted <= covered


@given(findings)
def test_resolving_twice_changes_nothing(found: list[Finding]) -> None:
    assert resolve(TEXT, resolve(TEXT, found)) == resolve(TEXT, found)
