"""Where a call goes, for each lane and each state of the models."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.config import LANES, ROLES
from sluice.errors import NoModel, TooLong, UnknownModel
from sluice.routing import Candidate, Decision, Policy, Signals, decide

STANDARD = Candidate("std", "std", "local", ("standard",), window=32_000)
SMALL = Candidate("tiny", "tiny", "local", ("small",), window=8_000, calls_tools=False)
CODER = Candidate("coder", "coder-7b", "local", ("coder",), window=32_000)
SEEING = Candidate("eye", "eye", "local", ("vision",), window=16_000, sees_images=True)
SEEING_CLOUD = Candidate("gpt", "gpt", "cloud", ("cloud",), window=1_000_000, sees_images=True)
FRONTIER = Candidate("opus", "opus", "cloud", ("frontier", "cloud"), window=200_000, sees_images=True)
ALL = (STANDARD, SMALL, CODER, SEEING, SEEING_CLOUD, FRONTIER)
LOCAL = tuple(c for c in ALL if c.location == "local")


def down(candidate: Candidate, why: str = "Ollama does not answer") -> Candidate:
    return replace(candidate, unavailable=why)


def without(*gone: Candidate) -> tuple[Candidate, ...]:
    return tuple(c for c in ALL if c not in gone)


def with_down(*gone: Candidate) -> tuple[Candidate, ...]:
    return tuple(down(c) if c in gone else c for c in ALL)


def decided(lane: str = "auto", candidates: tuple[Candidate, ...] = ALL, **signals: Any) -> Decision:
    filled = {"prompt_tokens": 100, "complexity": 0.1, **signals}
    return decide(Signals(lane=lane, **filled), candidates, Policy(threshold=0.6, small_threshold=0.0))


TABLE: dict[str, tuple[str, tuple[Candidate, ...], dict[str, Any], str]] = {
    "auto, easy": ("auto", ALL, {}, "std"),
    "auto, hard": ("auto", ALL, {"complexity": 0.7}, "gpt"),
    "auto, very hard": ("auto", ALL, {"complexity": 0.9}, "opus"),
    "auto, very hard, thrifty": ("auto", ALL, {"complexity": 0.9, "preference": "thrifty"}, "gpt"),
    "auto, about code": ("auto", ALL, {"task_kind": "code"}, "coder"),
    "auto, @frontier": ("auto", ALL, {"wish": "frontier"}, "opus"),
    "auto, too long for standard": ("auto", (replace(STANDARD, window=2000), CODER), {"prompt_tokens": 9000}, "coder"),
    "auto, at the threshold": ("auto", ALL, {"complexity": 0.6}, "gpt"),
    "auto, hard, without cloud": ("auto", LOCAL, {"complexity": 0.9}, "std"),
    "auto, hard, cloud down": ("auto", with_down(SEEING_CLOUD, FRONTIER), {"complexity": 0.9}, "std"),
    "auto, easy, local down": ("auto", with_down(*LOCAL), {}, "gpt"),
    "auto, easy, without local": ("auto", (FRONTIER,), {}, "opus"),
    "auto, quality": ("auto", ALL, {"complexity": 0.3, "preference": "quality"}, "gpt"),
    "auto, thrifty": ("auto", ALL, {"complexity": 0.75, "preference": "thrifty"}, "std"),
    "auto, private": ("auto", ALL, {"complexity": 1.0, "preference": "private"}, "std"),
    "auto, @cloud": ("auto", ALL, {"wish": "cloud"}, "gpt"),
    "auto, @local": ("auto", ALL, {"complexity": 1.0, "wish": "local"}, "std"),
    "auto, confined": ("auto", ALL, {"complexity": 1.0, "confined": ("personal data",)}, "std"),
    "auto, confined, @cloud": ("auto", ALL, {"wish": "cloud", "confined": ("personal data",)}, "std"),
    "auto, task": ("auto", ALL, {"complexity": 1.0, "task": "title_generation"}, "tiny"),
    "auto, image": ("auto", ALL, {"media": frozenset({"image"})}, "eye"),
    "auto, image, none sees here": ("auto", without(SEEING), {"media": frozenset({"image"})}, "gpt"),
    "auto, too long for local": ("auto", ALL, {"prompt_tokens": 100_000}, "gpt"),
    "auto, too long for most": ("auto", without(SEEING_CLOUD), {"prompt_tokens": 100_000}, "opus"),
    "auto, tools": ("auto", (SMALL, CODER), {"offers_tools": True}, "coder"),
    "named, without tools": ("tiny", ALL, {"offers_tools": True}, "tiny"),
    "local": ("local", ALL, {"complexity": 1.0}, "std"),
    "local, @cloud": ("local", ALL, {"wish": "cloud"}, "std"),
    "local, standard missing": ("local", without(STANDARD), {}, "tiny"),
    "small": ("small", ALL, {}, "tiny"),
    "small, missing": ("small", without(SMALL), {}, "std"),
    "small, down": ("small", with_down(SMALL), {}, "std"),
    "small, only others": ("small", (CODER, FRONTIER), {}, "coder"),
    "standard": ("standard", ALL, {"complexity": 1.0}, "std"),
    "standard, missing": ("standard", without(STANDARD), {}, "tiny"),
    "coder": ("coder", ALL, {}, "coder"),
    "coder, missing": ("coder", without(CODER), {}, "std"),
    "coder, missing twice": ("coder", without(CODER, STANDARD), {}, "tiny"),
    "vision": ("vision", ALL, {"media": frozenset({"image"})}, "eye"),
    "vision, missing": ("vision", without(SEEING), {"media": frozenset({"image"})}, "gpt"),
    "vision, without an image": ("vision", without(SEEING), {}, "std"),
    "long": ("long", ALL, {}, "std"),
    "long, too long here": ("long", ALL, {"prompt_tokens": 100_000}, "gpt"),
    "cloud": ("cloud", ALL, {}, "gpt"),
    "cloud, missing": ("cloud", (STANDARD, replace(FRONTIER, roles=("frontier",))), {}, "opus"),
    "cloud, none": ("cloud", LOCAL, {}, "std"),
    "frontier": ("frontier", ALL, {}, "opus"),
    "frontier, missing": ("frontier", without(FRONTIER), {}, "gpt"),
    "frontier, none": ("frontier", LOCAL, {}, "std"),
    "frontier, confined": ("frontier", ALL, {"confined": ("personal data",)}, "std"),
    "frontier, private": ("frontier", ALL, {"preference": "private"}, "std"),
    "frontier, @local": ("frontier", ALL, {"wish": "local"}, "std"),
    "named, cloud": ("gpt", ALL, {}, "gpt"),
    "named, cloud, down": ("gpt", with_down(SEEING_CLOUD), {}, "opus"),
    "named, cloud, confined": ("gpt", ALL, {"confined": ("personal data",)}, "std"),
    "named, local": ("coder", ALL, {"complexity": 1.0}, "coder"),
    "named, local, down": ("std", with_down(STANDARD), {}, "tiny"),
}  # fmt: skip


@pytest.mark.parametrize(("lane", "candidates", "signals", "model"), TABLE.values(), ids=TABLE.keys())
def test_the_best_admitted_model_comes_first(
    lane: str, candidates: tuple[Candidate, ...], signals: dict[str, Any], model: str
) -> None:
    decision = decided(lane, candidates, **signals)

    assert decision.model == model
    assert decision.chain[0] == model
    assert decision.location == next(c.location for c in ALL if c.name == model)
    assert decision.reasons


@pytest.mark.parametrize("lane", ["small", "standard", "coder", "std", "local"])
def test_a_lane_that_reads_as_on_this_machine_never_leaves_it(lane: str) -> None:
    chain = decided(lane, complexity=1.0).chain

    assert set(chain) <= {c.name for c in LOCAL}
    with pytest.raises(NoModel):
        decided(lane, with_down(*LOCAL))


@pytest.mark.parametrize(
    ("lane", "candidates", "signals", "note"),
    [
        ("auto", ALL, {}, ""),
        ("local", ALL, {}, "private"),
        ("auto", ALL, {"preference": "private"}, "private"),
        ("auto", ALL, {"wish": "local"}, "private"),
        ("auto", ALL, {"confined": ("personal data (1)",)}, "kept local: personal data (1)"),
        ("auto", ALL, {"task": "tags_generation"}, "kept local: background tasks stay local"),
        ("frontier", LOCAL, {}, "no cloud model is configured"),
        ("frontier", (STANDARD, down(FRONTIER, "KEY is not set")), {}, "no cloud model is available (KEY is not set)"),
        ("auto", LOCAL, {"wish": "cloud"}, "no cloud model is configured"),
        ("coder", with_down(CODER), {}, "no coder model is available (Ollama does not answer)"),
        ("frontier", with_down(FRONTIER), {}, "no frontier model is available (Ollama does not answer)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_person_did_not_expect_is_said(
    lane: str, candidates: tuple[Candidate, ...], signals: dict[str, Any], note: str
) -> None:
    assert decided(lane, candidates, **signals).note == note


def test_a_lane_without_its_role_says_which_one_is_missing() -> None:
    decision = decided("coder", with_down(CODER))

    assert "coder-7b is unavailable: Ollama does not answer" in decision.reasons


def test_a_lane_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UnknownModel, match=r"sluice\.nope"):
        decided("nope")


def test_a_prompt_that_fits_nowhere_is_refused_with_its_size() -> None:
    with pytest.raises(TooLong, match=r"40,000 tokens.*local model takes 32,000"):
        decided("local", prompt_tokens=40_000)


def test_a_prompt_that_does_not_fit_goes_to_the_next_model() -> None:
    assert decided("small", prompt_tokens=10_000).model == "std"


def test_when_nobody_is_up_each_model_and_its_reason_is_named() -> None:
    with pytest.raises(NoModel) as caught:
        decided("local", (down(STANDARD), down(SMALL, "it is not pulled")))

    assert str(caught.value) == (
        "Nothing was sent to the cloud, and no local model could answer: "
        "std: Ollama does not answer; tiny: it is not pulled."
    )


def test_when_nothing_is_configured_that_is_said() -> None:
    with pytest.raises(NoModel, match="none is configured"):
        decided("local", (FRONTIER,))


def test_an_image_that_nobody_may_see_is_refused() -> None:
    with pytest.raises(NoModel, match="std reads no images"):
        decided("auto", (STANDARD, FRONTIER), media=frozenset({"image"}), confined=("an image",))


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        name=st.sampled_from(["a", "b", "c", "d", "e"]),
        title=st.just("t"),
        location=st.sampled_from(["local", "cloud"]),
        roles=st.lists(st.sampled_from(ROLES), max_size=3).map(tuple),
        window=st.sampled_from([1000, 8000, 100_000]),
        sees_images=st.booleans(),
        calls_tools=st.booleans(),
        unavailable=st.sampled_from(["", "", "", "down"]),
    ),
    max_size=5,
    unique_by=lambda c: c.name,
).map(tuple)
SIGNALS = st.builds(
    Signals,
    lane=st.sampled_from([*LANES, "a", "b"]),
    prompt_tokens=st.integers(0, 120_000),
    complexity=st.floats(0, 1),
    answer_tokens=st.none() | st.integers(1, 10_000),
    media=st.frozensets(st.sampled_from(["image", "audio"])),
    offers_tools=st.booleans(),
    wish=st.sampled_from([None, "local", "cloud"]),
    preference=st.sampled_from(["balanced", "private", "quality", "thrifty"]),
    task=st.sampled_from(["", "title_generation"]),
    confined=st.sampled_from([(), ("personal data",)]),
)


def chain_of(signals: Signals, candidates: tuple[Candidate, ...], threshold: float = 0.6) -> list[Candidate]:
    try:
        decision = decide(signals, candidates, Policy(threshold=threshold))
    except (NoModel, TooLong, UnknownModel):
        return []
    return [next(c for c in candidates if c.name == name) for name in decision.chain]


@given(SIGNALS, CANDIDATES, st.floats(0, 1))
def test_what_may_not_leave_has_only_local_models_to_go_to(
    signals: Signals, candidates: tuple[Candidate, ...], threshold: float
) -> None:
    must_stay = (
        signals.confined or signals.lane == "local" or signals.task or signals.wish == "local"
        or signals.preference == "private"
    )  # fmt: skip

    chain = chain_of(signals, candidates, threshold)

    assert not must_stay or all(c.location == "local" for c in chain)


@given(SIGNALS, CANDIDATES)
def test_every_model_in_a_chain_can_hold_the_prompt_and_is_up(
    signals: Signals, candidates: tuple[Candidate, ...]
) -> None:
    chain = chain_of(signals, candidates)

    assert all(not c.unavailable and signals.prompt_tokens <= c.window for c in chain)
    assert all(c.sees_images or "image" not in signals.media for c in chain)
    assert len({c.name for c in chain}) == len(chain)


@given(SIGNALS, CANDIDATES)
def test_a_task_never_adds_a_cloud_model(signals: Signals, candidates: tuple[Candidate, ...]) -> None:
    forged = chain_of(replace(signals, task="tags_generation"), candidates)

    assert all(c.location == "local" for c in forged)


@given(SIGNALS, CANDIDATES)
def test_a_local_model_that_is_down_sends_no_local_lane_elsewhere(
    signals: Signals, candidates: tuple[Candidate, ...]
) -> None:
    lane = replace(signals, lane="standard")
    plain = tuple(c for c in candidates if c.location == "local" or not {"standard", "small"} & set(c.roles))

    assert all(c.location == "local" for c in chain_of(lane, plain))


@given(SIGNALS, CANDIDATES)
def test_the_same_question_is_always_decided_the_same(signals: Signals, candidates: tuple[Candidate, ...]) -> None:
    assert chain_of(signals, candidates) == chain_of(signals, candidates)


def test_a_task_goes_to_the_model_that_is_loaded() -> None:
    candidates = (replace(STANDARD, loaded=True), replace(SMALL, loaded=False), FRONTIER)

    assert decided("auto", candidates, task="title_generation").chain == ("std", "tiny")
    assert decided("auto", (STANDARD, SMALL), task="title_generation").chain[0] == "tiny"


@pytest.mark.parametrize(
    ("signals", "first"),
    [
        ({"task_kind": "code"}, "coder"),
        ({"prompt_tokens": 40_000}, "long"),
        ({"task_kind": "chat", "words": 4}, "std"),
    ],
    ids=["code", "long", "chat"],
)
def test_behind_the_cloud_comes_the_local_model_that_fits(signals: dict[str, Any], first: str) -> None:
    standard = Candidate("std", "std", "local", ("standard",), window=32_000)
    others = (
        Candidate("tiny", "tiny", "local", ("small",), window=32_000),
        Candidate("coder", "coder", "local", ("coder",), window=32_000),
        Candidate("long", "long", "local", ("long",), window=128_000),
        Candidate("gpt", "gpt", "cloud", ("cloud",), window=200_000, unavailable="it has no key"),
    )

    decision = decided(candidates=(standard, *others), complexity=0.99, **signals)

    assert decision.model == first
