"""From findings to what may happen to a call."""

from __future__ import annotations

import pytest
from sluice.chat import Piece
from sluice.guard import CLASSES, Finding, default_policy, report
from sluice.guard.policy import decide

KEY = Finding("API_KEY", "secret", 0, 3, 1.0)
MAIL = Finding("EMAIL_ADDRESS", "personal", 4, 8, 1.0)
SAID = [Piece("user", "words")]


def test_by_default_every_class_is_local() -> None:
    assert dict(default_policy()) == dict.fromkeys(CLASSES, "local")


def test_nothing_found_is_allowed_without_a_reason() -> None:
    verdict = decide(SAID, [], default_policy())

    assert (verdict.action, verdict.reasons, verdict.labels, verdict.complete) == ("allow", (), frozenset(), True)


def test_the_strictest_class_decides_and_only_it_is_the_reason() -> None:
    verdict = decide(SAID, [MAIL, KEY, MAIL], {**default_policy(), "secret": "block"})

    assert verdict.action == "block"
    assert verdict.reasons == ("a key or password (1)",)
    assert verdict.counts == {"personal": 2, "secret": 1}
    assert verdict.labels == {"personal", "secret"}


def test_a_place_alone_keeps_nothing_local_and_adds_nothing() -> None:
    place = Finding("LOCATION", "personal", 0, 5, 0.85)

    assert decide(SAID, [place], default_policy()).action == "allow"
    assert decide(SAID, [place, MAIL], default_policy()).counts == {"personal": 1}


def test_an_allowed_class_is_labelled_and_leaves() -> None:
    verdict = decide(SAID, [MAIL], {**default_policy(), "personal": "allow"})

    assert (verdict.action, verdict.labels, verdict.reasons) == ("allow", {"personal"}, ())


def test_a_class_that_the_policy_does_not_mention_stays_local() -> None:
    assert decide(SAID, [MAIL], {}).action == "local"


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([Piece("document", "x")], "attached document"),
        ([Piece("media", "", media="image")], "attached image"),
        ([Piece("media", "", "image"), Piece("document", "x"), Piece("document", "y")],
         "attached document and image (3)"),
    ],
)  # fmt: skip
def test_what_is_attached_is_a_document_whatever_is_in_it(pieces: list[Piece], reason: str) -> None:
    verdict = decide(pieces, [], default_policy())

    assert (verdict.action, verdict.labels, verdict.reasons) == ("local", {"document"}, (reason,))


def test_a_report_holds_places_and_classes_and_no_text() -> None:
    assert report([KEY]) == {
        "findings": [{"type": "API_KEY", "class": "secret", "start": 0, "end": 3, "score": 1.0}],
        "labels": ["secret"],
    }
