"""From findings to what may happen to a call."""

from __future__ import annotations

import pytest
from sluice.chat import Piece
from sluice.chat.piece import PieceKind
from sluice.config.schema import Action, Privacy, Target
from sluice.guard import CLASSES, PRIVATE, Ask, Finding, Rule, Terms, Verdict, default_policy, policy_of, report
from sluice.guard.asks import ATTACHED, ask_id, doubt_id
from sluice.guard.policy import decide, unfinished

KEY = Finding("API_KEY", "secret", 0, 3, 1.0)
MAIL = Finding("EMAIL_ADDRESS", "personal", 4, 8, 1.0)
NAME = Finding("PERSON", "personal", 9, 13, 0.85, weak=True)
MARKING = Finding("CONFIDENTIAL_MARKING", "confidential", 0, 12, 1.0)
DOUBT = Finding("UNCLEAR", "doubtful", 14, 19, 0.3)
RECORD = Finding("MEDICAL_RECORD", "medical", 0, 9, 0.9)
SAID = [Piece("user", "words")]
FILE = Piece("document", "text of it", name="report.pdf")
PICKED = Terms(target="picked")


def judged(findings: list[Finding], terms: Terms = Terms(), pieces: list[Piece] = SAID) -> Verdict:  # noqa: B008
    return decide(pieces, [findings], default_policy(), terms)


def test_every_class_has_a_rule_and_none_lets_out_what_is_found() -> None:
    policy = default_policy()

    assert set(policy) == set(CLASSES)
    assert all("allow" not in (rule.auto, rule.picked) for rule in policy.values())
    assert {klass for klass, rule in policy.items() if rule.auto != "local"} == {"doubtful"}


def test_nothing_found_is_allowed_without_a_reason() -> None:
    assert judged([]) == Verdict("allow")


@pytest.mark.parametrize(
    ("finding", "auto", "picked"),
    [
        pytest.param(KEY, "local", "local", id="a secret never leaves"),
        pytest.param(MAIL, "local", "mask", id="an identifier leaves masked, if the cloud was chosen"),
        pytest.param(NAME, "mask", "mask", id="a bare name is masked at most"),
        pytest.param(MARKING, "local", "local", id="a marked text stays"),
        pytest.param(RECORD, "local", "local", id="masking the words that gave a record away cures nothing"),
    ],
)
def test_what_happens_by_default(finding: Finding, auto: Action, picked: Action) -> None:
    assert judged([finding]).action == auto
    assert judged([finding], PICKED).action == picked


def test_a_name_beside_an_identifier_is_not_weak() -> None:
    verdict = judged([NAME, MAIL])

    assert (verdict.counts, verdict.weak) == ({"personal": 2}, {})


def test_a_name_beside_a_secret_is_still_weak() -> None:
    assert judged([NAME, KEY]).weak == {"personal": 1}


def test_the_strictest_class_decides_and_only_it_is_the_reason() -> None:
    policy = policy_of(Privacy.model_validate({"actions": {"secret": "block"}}))

    verdict = decide(SAID, [[MAIL, KEY], [MAIL]], policy, PICKED)

    assert (verdict.action, verdict.reasons) == ("block", ("a key or password (1)",))
    assert verdict.counts == {"personal": 2, "secret": 1}
    assert verdict.labels == {"personal", "secret"}


def test_an_allowed_class_is_labelled_and_leaves_as_it_is() -> None:
    policy = policy_of(Privacy.model_validate({"actions": {"personal": "allow"}}))

    verdict = decide(SAID, [[MAIL, NAME]], policy, Terms())

    assert (verdict.action, verdict.labels, verdict.masks) == ("allow", {"personal"}, False)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        pytest.param("local", Rule("local", "local", "mask"), id="one word"),
        pytest.param("allow", Rule("allow", "allow", "allow"), id="one word for the weak too"),
        pytest.param({"picked": "ask"}, Rule("local", "ask", "mask"), id="one column"),
        pytest.param({"auto": "mask", "picked": "mask", "weak": "allow"}, Rule("mask", "mask", "allow"), id="a row"),
    ],
)
def test_a_policy_is_written_as_one_word_or_by_columns(written: object, rule: Rule) -> None:
    assert policy_of(Privacy.model_validate({"actions": {"personal": written}}))["personal"] == rule


def test_of_the_policies_of_two_groups_the_stricter_holds() -> None:
    groups = {"doctors": {"medical": "allow"}, "staff": {"medical": "block", "personal": "allow"}}
    privacy = Privacy.model_validate({"groups": groups})

    assert policy_of(privacy, ["doctors"])["medical"].picked == "allow"
    assert policy_of(privacy, ["doctors", "staff"])["medical"].picked == "block"
    assert policy_of(privacy, ["doctors", "staff"])["personal"].picked == "mask"
    assert policy_of(privacy, ["others"]) == policy_of(privacy)


@pytest.mark.parametrize(("target", "action"), [("auto", "local"), ("picked", "ask")])
def test_what_is_attached_is_asked_about_only_where_the_cloud_was_chosen(target: Target, action: Action) -> None:
    verdict = judged([], Terms(target=target), [*SAID, FILE])

    assert (verdict.action, verdict.labels, verdict.reasons) == (action, {"document"}, ("attached document",))
    assert bool(verdict.asks) == (action == "ask")


def test_each_file_is_asked_about_once_and_by_its_name() -> None:
    other = Piece("document", "another passage of it", name="report.pdf")
    image = Piece("media", "", media="image", data="data:image/png;base64,AAAA")

    verdict = judged([], PICKED, [FILE, other, image])

    assert [(ask.kind, ask.name) for ask in verdict.asks] == [("document", "report.pdf"), ("image", "")]
    assert verdict.reasons == ("attached document and image (3)",)


def test_a_consent_lets_go_of_that_file_and_what_is_found_in_it_is_still_masked() -> None:
    agreed = Terms(target="picked", consents=frozenset({ask_id(FILE, b"")}))
    other = Piece("document", "text", name="other.pdf")

    assert judged([], agreed, [FILE]).action == "allow"
    assert judged([MAIL], agreed, [FILE]).action == "mask"
    assert judged([MARKING], agreed, [FILE]).action == "local"
    assert judged([], agreed, [FILE, other]).asks == (Ask(ask_id(other, b""), "document", "other.pdf"),)


def test_what_was_refused_is_not_asked_again() -> None:
    verdict = judged([], Terms(target="picked", refusals=frozenset({ask_id(FILE, b"")})), [FILE])

    assert (verdict.action, verdict.asks) == ("local", ())


def test_a_public_file_is_nobodys_own() -> None:
    assert judged([], PICKED, [Piece("document", "law", name="law.pdf", public=True)]).action == "allow"


def test_a_message_that_would_be_masked_and_is_doubted_is_asked_about_by_its_content() -> None:
    verdict = judged([MAIL, DOUBT], PICKED)

    assert verdict.asks == (Ask(doubt_id(SAID[0], b""), "message"),)
    assert (verdict.action, verdict.reasons) == ("ask", ("perhaps more personal data than was recognised (1)",))
    assert verdict.keeps == {doubt_id(SAID[0], b"")}


@pytest.mark.parametrize(
    ("findings", "auto", "picked"),
    [
        pytest.param([MAIL, DOUBT], "local", "ask", id="an identifier stays local in auto anyway"),
        pytest.param([NAME, DOUBT], "mask", "ask", id="a bare name with a doubt may leave masked in auto"),
        pytest.param([DOUBT], "allow", "allow", id="where nothing is masked, nothing can have been forgotten"),
        pytest.param([KEY, DOUBT], "local", "local", id="a secret stays whatever is doubted"),
    ],
)
def test_what_a_doubt_changes(findings: list[Finding], auto: Action, picked: Action) -> None:
    assert judged(findings).action == auto
    assert judged(findings, PICKED).action == picked


def test_what_may_leave_unmasked_is_not_doubted() -> None:
    policy = policy_of(Privacy.model_validate({"actions": {"personal": "allow"}}))

    assert decide(SAID, [[MAIL, DOUBT]], policy, PICKED).action == "allow"


@pytest.mark.parametrize(
    ("actions", "asked"),
    [
        pytest.param({}, ["document", "message"], id="both"),
        pytest.param({"doubtful": {"picked": "mask"}}, ["document"], id="doubts are masked without a question"),
        pytest.param({"document": {"picked": "allow"}}, ["message"], id="files may leave"),
        pytest.param({"personal": "allow"}, ["document"], id="nothing is masked"),
    ],
)
def test_only_what_the_policy_asks_about_is_asked(actions: dict[str, object], asked: list[str]) -> None:
    policy = policy_of(Privacy.model_validate({"actions": actions}))

    verdict = decide([FILE, *SAID], [[], [MAIL, DOUBT]], policy, PICKED)

    assert (verdict.action, [ask.kind for ask in verdict.asks]) == ("ask", asked)


@pytest.mark.parametrize(
    ("kind", "asked", "again"),
    [
        pytest.param(
            "user",
            'Answer by these.<context><source id="1" name="a.txt"> </context>\n\nWho is it?',
            "Who is it?",
            id="a question whose retrieved passages are gone",
        ),
        pytest.param("system", "You help Ines. It is 10:00.", "You help Ines. It is 10:01.", id="a clock"),
    ],
)
def test_what_stands_around_a_doubted_text_makes_no_other_of_it(kind: PieceKind, asked: str, again: str) -> None:
    assert doubt_id(Piece(kind, asked), b"") == doubt_id(Piece(kind, again), b"")
    assert doubt_id(Piece(kind, asked), b"") != doubt_id(Piece(kind, f"{again} Ask Ella."), b"")


def test_a_consent_lets_go_of_a_doubted_message_masked_until_another_words_it_anew() -> None:
    agreed = Terms(target="picked", consents=frozenset({doubt_id(SAID[0], b"")}))
    other = Piece("user", "other words")

    verdict = decide([*SAID, other], [[MAIL, DOUBT], [DOUBT]], default_policy(), agreed)

    assert (judged([MAIL, DOUBT], agreed).action, judged([MAIL, DOUBT], agreed).masks) == ("mask", True)
    assert verdict.asks == (Ask(doubt_id(other, b""), "message"),)


def test_a_doubted_message_that_was_kept_is_not_asked_about_again_and_holds_for_its_branch() -> None:
    id = doubt_id(SAID[0], b"")
    refused = Terms(target="picked", refusals=frozenset({id}))
    later = Terms(target="picked", labels=frozenset({id}))

    assert (judged([MAIL, DOUBT], refused).action, judged([MAIL, DOUBT], refused).keeps) == ("local", {id})
    assert judged([MAIL], later, [Piece("user", "and now?")]).asks == (Ask(id, "message"),)


@pytest.mark.parametrize("kind", ["assistant", "document"])
def test_what_a_model_wrote_and_what_is_attached_is_not_asked_about_for_its_doubts(kind: PieceKind) -> None:
    piece = Piece(kind, "words", name="report.pdf")
    agreed = Terms(target="picked", consents=frozenset({ask_id(piece, b"")}))

    assert judged([MAIL, DOUBT], agreed, [piece]).action == "mask"


def test_who_wants_it_strict_has_nothing_masked_and_is_not_asked() -> None:
    strict = Terms(target="picked", strict=True)

    assert judged([NAME], strict).action == "local"
    assert judged([], strict, [FILE]).action == "local"


@pytest.mark.parametrize(
    ("labels", "target", "action"),
    [
        ({PRIVATE}, "picked", "local"),
        ({"secret"}, "picked", "local"),
        ({"personal"}, "picked", "mask"),
        ({"personal"}, "auto", "local"),
        ({f"{ATTACHED}abc"}, "picked", "ask"),
        ({f"{ATTACHED}abc"}, "auto", "local"),
    ],
)
def test_labels_of_the_branch_count_as_what_they_came_from(labels: set[str], target: Target, action: Action) -> None:
    verdict = judged([], Terms(target=target, labels=frozenset(labels)))

    assert verdict.action == action
    assert verdict.reasons


def test_a_consent_given_later_lifts_the_label_of_that_file() -> None:
    id = ask_id(FILE, b"salt")
    kept = decide([FILE], [], default_policy(), Terms(salt=b"salt")).keeps
    assert kept == {f"{ATTACHED}{id}"}

    terms = Terms(target="picked", labels=kept, consents=frozenset({id}), salt=b"salt")

    assert decide(SAID, [], default_policy(), terms).action == "allow"


def test_only_what_keeps_a_call_is_remembered_of_it() -> None:
    assert judged([MAIL, NAME]).keeps == {"personal"}
    assert judged([MAIL], PICKED).keeps == frozenset()
    assert judged([KEY, MAIL], PICKED).keeps == {"secret"}


def test_a_guard_that_failed_keeps_the_call_and_remembers_its_files() -> None:
    verdict = unfinished("could not finish", [FILE])

    assert (verdict.action, verdict.complete) == ("local", False)
    assert verdict.keeps == {f"{ATTACHED}{ask_id(FILE, b'')}"}


def test_the_id_of_an_ask_tells_neither_name_nor_content() -> None:
    assert ask_id(FILE, b"one") != ask_id(FILE, b"two")
    assert "report" not in ask_id(FILE, b"one")


def test_a_report_holds_places_and_classes_and_no_text() -> None:
    assert report([KEY]) == {
        "findings": [{"type": "API_KEY", "class": "secret", "start": 0, "end": 3, "score": 1.0}],
        "labels": ["secret"],
    }
