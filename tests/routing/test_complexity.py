"""The estimate orders questions by what they ask of a model, on the scale of everyday calls, and never fails."""

import itertools
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
import sluice
from hypothesis import given
from hypothesis import strategies as st
from sluice.routing import complexity, estimate
from sluice.routing.complexity.model import place, untrained
from sluice.routing.complexity.question import Question, read

from tests.bench.estimating.everyday import kinds
from tests.growth import grows_linearly

DEFAULT_THRESHOLD = 0.8
PACKAGE = Path(sluice.__file__).parent
CORPORA = Path(__file__).parents[1] / "bench" / "corpora"
EASIER_THAN = {
    "proof": ("What is a prime number?", "Prove that there are infinitely many prime numbers of the form 4k + 3."),
    "arithmetic": (
        "What is 12 times 4?",
        "A shop sells pens at 3 for 2 euros. If Tom buys 12 pens, gives half of the rest of his 20 euros to Ann, and "
        "she spends a quarter of it, how much does each have left?",
    ),
    "design": (
        "What is a queue?",
        "Design a distributed queue that delivers exactly once across three regions, and discuss what happens when "
        "a region fails.",
    ),
    "debugging": (
        "How do I print a list in Python?",
        "Debug this race condition: two threads sometimes take the same job although the lock is held.",
    ),
    "constraints": (
        "Write a poem about rain.",
        "Write a poem about rain in exactly 14 lines that must not use the letter e, where each line starts with the "
        "last word of the line before, and the first letters of the lines must spell WEATHER FORECAST.",
    ),
    "length of the task": (
        "Write a sentence about our product.",
        "Write a detailed report on our product: compare it with three competitors, evaluate the strategy of each, "
        "assess the risks, and justify a recommendation.",
    ),
    "German": (
        "Wie heißt die Hauptstadt von Polen?",
        "Beweise, dass die Wurzel aus 2 irrational ist, und verallgemeinere.",
    ),
    "Chinese": ("你好,谢谢!", "请证明调和级数发散,并详细分析和比较三种证明方法。"),
    "French": ("Merci beaucoup !", "Démontrez que la suite converge, puis évaluez la vitesse de convergence."),
}


@pytest.mark.parametrize(("easier", "harder"), EASIER_THAN.values(), ids=EASIER_THAN.keys())
def test_what_asks_more_is_above_what_asks_less(easier: str, harder: str) -> None:
    assert complexity(easier) < complexity(harder) - 0.1


@pytest.mark.parametrize("kind", ["small_talk", "translation", "lookups", "advice", "writing", "office"])
def test_routine_stays_below_the_default_threshold(kind: str) -> None:
    scores = [complexity(prompt) for prompt in kinds()[kind]]

    assert sum(score >= DEFAULT_THRESHOLD for score in scores) <= len(scores) / 10


def test_nine_in_ten_demanding_calls_reach_the_default_threshold() -> None:
    scores = [complexity(prompt) for prompt in kinds()["demanding"]]

    assert sum(score >= DEFAULT_THRESHOLD for score in scores) >= 0.9 * len(scores)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_threshold_keeps_that_share_of_everyday_calls(share: float) -> None:
    scores = [complexity(prompt) for prompt in itertools.chain.from_iterable(kinds().values())]

    assert sum(score < share for score in scores) / len(scores) == pytest.approx(share, abs=0.03)


EXAM = "Which of the following was a cause of the Peloponnesian War?\nA. Corn\nB. Fear\nC. Tin\nD. Wool\nAnswer:"


@pytest.mark.parametrize(
    ("question", "basis"),
    [
        (EXAM, "learned"),
        ("What caused the Peloponnesian War?", "robust"),
        ("Qwx zzkl?\nA. Vbn\nB. Wrt", "robust"),
        ("", "robust"),
    ],
    ids=["like the training set", "an open question", "unknown words", "nothing"],
)
def test_the_subject_counts_only_where_the_question_is_like_the_training_set(question: str, basis: str) -> None:
    assert estimate(question).basis == basis


def test_the_way_the_answer_is_asked_for_does_not_change_the_estimate() -> None:
    plain = EXAM.removesuffix("\nAnswer:")

    assert estimate(plain) == estimate(plain + "\n\nAnswer: ") == estimate(plain.replace(". ", ") "))


def test_without_its_files_the_rules_alone_order_questions() -> None:
    rules = untrained()

    for easier, harder in EASIER_THAN.values():
        assert rules.judged(read(easier))[0] < rules.judged(read(harder))[0]


def test_a_missing_or_broken_file_costs_the_training_and_no_call(tmp_path: Path) -> None:
    """In a copy of the package, so that the real one stays whole."""
    shutil.copytree(PACKAGE, tmp_path / "sluice", ignore=shutil.ignore_patterns("__pycache__"))
    data = tmp_path / "sluice" / "routing" / "complexity" / "data"
    (data / "topics.txt.gz").write_bytes(b"not a file")
    (data / "model.json").unlink()
    asked = "from sluice.routing import estimate; print(estimate('Prove it.').basis)"

    said = subprocess.run(
        [sys.executable, "-c", asked], env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "robust"


@pytest.mark.parametrize("kind", ["summaries", "translation"])
def test_a_long_text_to_shorten_or_translate_is_no_harder_than_the_default_threshold(kind: str) -> None:
    long = max(kinds()[kind], key=len)

    assert len(long) > 500
    assert complexity(long) < DEFAULT_THRESHOLD


def test_no_language_is_systematically_hard_or_easy() -> None:
    """The same kinds of prompts in six languages; the corpora were written for the guard."""
    by_language: dict[str, list[float]] = {}
    for line in (CORPORA / "prompts_dev.jsonl").read_text(encoding="utf-8").splitlines():
        prompt = json.loads(line)
        by_language.setdefault(prompt["language"], []).append(complexity(prompt["text"]))
    means = [statistics.mean(scores) for scores in by_language.values()]

    assert max(means) - min(means) < 0.2


@given(st.text(st.characters(), max_size=500))
def test_any_text_has_a_complexity_between_0_and_1_and_always_the_same(text: str) -> None:
    first = estimate(text)

    assert 0 <= first.score <= 1
    assert estimate(text) == first


@pytest.mark.parametrize(
    "unit", ["a ", "?", "A. b\n", "1", "```\n", " \n", "class ", "\\", "$x^2$ ", "{;\n", "I, ", "中", "a(", ") "]
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert grows_linearly(estimate, unit, 20_000)


@given(st.lists(st.floats(-1, 1), min_size=2))
def test_the_place_among_everyday_calls_keeps_the_order(values: list[float]) -> None:
    places = [place(value, (-0.2, -0.1, 0.0, 0.3)) for value in sorted(values)]

    assert places == sorted(places)
    assert all(0 <= place <= 1 for place in places)


OPTIONS = {
    "lettered": ("Which?\nA. one\nB. two", Question("Which?", ("one", "two"))),
    "in brackets": ("Which?\n(a) one\n(b) two\nAnswer:", Question("Which?", ("one", "two"))),
    "over two lines": ("Which?\nA. one\nB. two\nand more", Question("Which?", ("one", "two", "and more"))),
    "a numbered list": ("Do this:\n1. one\n2. two", Question("Do this:\n1. one\n2. two")),
    "one letter": ("A. Miller wrote this", Question("A. Miller wrote this")),
    "out of order": ("Which?\nA. one\nC. two", Question("Which?\nA. one\nC. two")),
}


@pytest.mark.parametrize(("text", "question"), OPTIONS.values(), ids=OPTIONS.keys())
def test_options_are_told_from_the_question(text: str, question: Question) -> None:
    assert read(text) == question
