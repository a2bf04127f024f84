"""An admin's rules: which hold, what they do, and what they never do."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sluice.config import LANES
from sluice.config.rules import NAMES, Rule
from sluice.errors import NoModel
from sluice.routing import Candidate, Decision, Policy, Signals, decide, facts, ruled

STANDARD = Candidate("std", "std", "local", ("standard",), window=32_000)
SMALL = Candidate("tiny", "tiny", "local", ("small",), window=32_000)
CODER = Candidate("coder", "coder", "local", ("coder",), window=32_000)
CLOUD = Candidate("gpt", "gpt", "cloud", ("cloud",), window=200_000)
FRONTIER = Candidate("opus", "opus", "cloud", ("frontier",), window=200_000)
ALL = (STANDARD, SMALL, CODER, CLOUD, FRONTIER)
# A Tuesday, 22:30 in Berlin.
NIGHT = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)


def by_rules(*rules: dict[str, Any], lane: str = "auto", **signals: Any) -> Decision:
    filled = {"prompt_tokens": 100, "complexity": 0.5, "at": NIGHT, **signals}
    policy = Policy(
        threshold=0.8, rules=tuple(Rule.model_validate(rule) for rule in rules), zone=ZoneInfo("Europe/Berlin")
    )
    return decide(Signals(lane=lane, **filled), ALL, policy)


CONDITIONS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "kind": ({"kind": "reasoning"}, {"task_kind": "reasoning"}, {"task_kind": "chat"}),
    "one of several": ({"kind": ["code", "reasoning"]}, {"task_kind": "reasoning"}, {"task_kind": "chat"}),
    "preset": ({"preset": "legal"}, {"preset": "legal"}, {"preset": "auto"}),
    "group": ({"group": "g-1"}, {"groups": frozenset({"g-1", "g-2"})}, {"groups": frozenset({"g-2"})}),
    "language": ({"language": "de"}, {"languages": ("de", "en")}, {"languages": ("fr",)}),
    "code": ({"code": "rust"}, {"code": ("rust",)}, {"code": ("python",)}),
    "preference": ({"preference": "quality"}, {"preference": "quality"}, {"preference": "balanced"}),
    "priority": ({"priority": "high"}, {"priority": "high"}, {"priority": "normal"}),
    "state": ({"state": "follow_up"}, {"state": "follow_up"}, {"state": "new"}),
    "weekday": ({"weekday": ["mon", "tue"]}, {}, {"at": datetime(2026, 11, 25, 12, tzinfo=UTC)}),
    "weekday, in the zone": ({"weekday": "wed"}, {"at": datetime(2026, 11, 24, 23, 30, tzinfo=UTC)}, {}),
    "hours over midnight": ({"time": "22:00-06:00"}, {}, {"at": datetime(2026, 11, 24, 12, tzinfo=UTC)}),
    "hours of a day": ({"time": "08:00-18:00"}, {"at": datetime(2026, 11, 24, 12, tzinfo=UTC)}, {}),
    "no clock": ({"time": "00:00-23:59"}, {}, {"at": None}),
    "length": ({"prompt_tokens": {"least": 5_000}}, {"prompt_tokens": 5_000}, {"prompt_tokens": 4_999}),
    "words": ({"words": {"under": 10}}, {"words": 9}, {"words": 10}),
    "complexity": ({"complexity": {"least": 0.4, "under": 0.6}}, {"complexity": 0.4}, {"complexity": 0.6}),
    "tools": ({"uses_tools": True}, {"uses_tools": True}, {"uses_tools": False}),
    "expression": (
        {"expression": "kind == 'code' and words > 100 or 'g-1' in groups"},
        {"groups": frozenset({"g-1"})},
        {"task_kind": "code", "words": 100},
    ),
    "expression, time": ({"expression": "weekday == 'tue' and hour >= 22"}, {}, {"at": None}),
    "both": ({"kind": "code", "words": {"least": 5}}, {"task_kind": "code", "words": 5}, {"task_kind": "code"}),
}  # fmt: skip


@pytest.mark.parametrize(("when", "holds", "fails"), CONDITIONS.values(), ids=CONDITIONS.keys())
def test_a_rule_holds_where_all_its_conditions_do(
    when: dict[str, Any], holds: dict[str, Any], fails: dict[str, Any]
) -> None:
    rule = {"name": "mine", "when": when, "use": "frontier"}

    assert by_rules(rule, **holds).rule == "mine"
    assert by_rules(rule, **fails).rule == ""


@pytest.mark.parametrize(
    ("use", "model"),
    [("small", "tiny"), ("coder", "coder"), ("cloud", "gpt"), ("frontier", "opus"), ("local", "std"), ("gpt", "gpt"),
     ("tiny", "tiny")],
)  # fmt: skip
def test_a_rule_uses_a_role_a_model_or_a_place(use: str, model: str) -> None:
    decision = by_rules({"use": use})

    assert decision.model == model
    assert "the rule “1”" in decision.reasons[0]


def test_the_first_rule_that_decides_is_the_last_that_is_read() -> None:
    assert by_rules({"when": {"kind": "code"}, "use": "coder"}, {"use": "small"}, {"use": "frontier"}).model == "tiny"


def test_a_rule_moves_the_threshold_and_the_estimate_decides() -> None:
    strict = {"when": {"group": "g-1"}, "threshold": 0.4}

    assert by_rules(strict, groups=frozenset({"g-1"})).location == "cloud"
    assert by_rules(strict).location == "local"


@pytest.mark.parametrize(("prefer", "model"), [("tiny", "tiny"), ("coder", "coder"), ("gpt", "std")])
def test_what_is_preferred_comes_first_where_it_may_answer_and_moves_nothing_off_the_machine(
    prefer: str, model: str
) -> None:
    assert by_rules({"prefer": prefer}).model == model


def test_local_by_rule_holds_against_a_wish_and_any_other_rule_yields_to_it() -> None:
    assert by_rules({"use": "local"}, wish="cloud").model == "std"
    assert by_rules({"use": "small"}, wish="cloud").model == "gpt"
    assert by_rules({"use": "frontier"}, wish="local").location == "local"


def test_rules_are_about_auto_unless_they_name_a_lane() -> None:
    assert by_rules({"use": "small"}, lane="frontier").model == "opus"
    assert by_rules({"when": {"lane": "frontier"}, "use": "local"}, lane="frontier").location == "local"
    assert by_rules({"when": {"lane": "gpt"}, "use": "frontier"}, lane="gpt").model == "opus"


def test_an_expression_that_fits_no_value_decides_nothing_and_says_so() -> None:
    decision = by_rules({"name": "odd", "when": {"expression": "1 / words > 0"}, "use": "frontier"}, words=0)

    assert decision.location == "local"
    assert any("“odd” could not be evaluated" in reason for reason in decision.reasons)


def test_an_expression_names_what_the_signals_have() -> None:
    assert set(facts(Signals("auto", 1, 0.5))) | {"hour", "weekday"} == set(NAMES)


USES = st.sampled_from(["small", "cloud", "frontier", "local", "gpt", "opus", "std"])
SOME_LANES = st.lists(st.sampled_from(LANES), min_size=1)
RULES = st.lists(
    st.builds(lambda use, lanes: {"when": {"lane": lanes}, "use": use}, USES, SOME_LANES)
    | st.builds(lambda prefer: {"when": {"lane": list(LANES)}, "prefer": prefer}, USES)
    | st.builds(lambda threshold: {"when": {"lane": list(LANES)}, "threshold": threshold}, st.floats(0, 1)),
    max_size=4,
)
WHYS = st.sampled_from(["confined", "task", "wish", "preference", "lane"])


@given(RULES, st.sampled_from(LANES), st.floats(0, 1), WHYS)
def test_no_rule_lets_leave_what_stays(rules: list[dict[str, Any]], lane: str, complexity: float, why: str) -> None:
    stays: dict[str, Any] = {
        "confined": {"confined": ("personal data",)},
        "task": {"task": "title_generation"},
        "wish": {"wish": "local"},
        "preference": {"preference": "private"},
        "lane": {},
    }[why]

    decision = by_rules(*rules, lane="local" if why == "lane" else lane, complexity=complexity, **stays)

    assert set(decision.chain) <= {"std", "tiny", "coder"}


@given(RULES, st.sampled_from(["small", "standard", "coder"]))
def test_no_rule_takes_a_lane_off_the_machine_that_reads_as_on_it(rules: list[dict[str, Any]], lane: str) -> None:
    try:
        decision = by_rules(*rules, lane=lane)
    except NoModel:
        return

    assert set(decision.chain) <= {"std", "tiny", "coder"}


def test_what_must_stay_stays_where_its_rule_cannot_be_evaluated() -> None:
    odd = {"name": "odd", "when": {"kind": "code", "expression": "1 / words > 0"}, "use": "local"}

    decision = by_rules(odd, {"use": "cloud"}, task_kind="code", words=0, complexity=0.99)

    assert (decision.location, decision.kept_local, decision.rule) == ("local", True, "odd")
    assert any("“odd” could not be evaluated" in reason for reason in decision.reasons)
    assert by_rules(odd, {"use": "cloud"}, task_kind="chat", words=0).location == "cloud"


@pytest.mark.parametrize(
    "when",
    [
        {"expression": "languages[0] == 'de'"},
        {"expression": "groups[0] == 'a' and words > 3"},
        {"time": "20:00-06:00+02:00"},
        {"time": "20:00+01:00-06:00"},
    ],
    ids=["first language", "first group", "zone at the end", "zone at the beginning"],
)
def test_a_condition_that_fails_on_some_calls_is_refused_when_it_is_read(when: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate({"when": when, "use": "local"})


@pytest.mark.parametrize(
    ("when", "use", "keeps"),
    [
        ({"kind": "code"}, "local", True),
        ({"language": "de", "time": "20:00-06:00"}, "local", True),
        ({"expression": "'python' in code"}, "local", True),
        ({"time": "20:00-06:00"}, "local", False),
        ({"priority": "low", "words": {"under": 20}}, "local", False),
        ({}, "local", False),
        ({"kind": "code"}, "coder", False),
    ],
    ids=["kind", "language at night", "expression", "hours", "measures", "always", "a role"],
)
def test_a_rule_keeps_what_follows_where_it_looks_at_what_a_call_is_about(
    when: dict[str, Any], use: str, keeps: bool
) -> None:
    rule = Rule.model_validate({"when": when, "use": use})

    says = ruled([rule], Signals(lane="auto", prompt_tokens=9, complexity=0.5, task_kind="code", languages=("de",),
                                 code=("python",), priority="low", at=NIGHT), UTC)  # fmt: skip

    assert says.use == use
    assert says.keeps is keeps
