"""What the guard does to work in which nothing is private: the policy's answer, and secrets seen in plain code."""

from __future__ import annotations

import sysconfig
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sluice.chat.piece import Piece
from sluice.guard.policy import DEFAULT, Terms, decide
from sluice.guard.values import Finding

from tests.bench.guarding import corpora
from tests.bench.guarding.corpora import Document
from tests.bench.guarding.detectors import Spans
from tests.bench.guarding.metrics import per_thousand

_ROUTED = 400
_NOT_PLAIN_CODE = {"test", "tests", "idlelib", "site-packages", "__pycache__", "lib2to3", "turtledemo"}
Find = Callable[[str], Sequence[Finding]]


def measure(data: Path, find: Find, presidio: Spans | None, *, every: int = 1) -> dict[str, Any]:
    """False alarms per 1,000 ordinary prompts, where the router would choose the cloud."""
    found: dict[str, Any] = {}
    for name, prompts in _sets(data).items():
        taken = prompts[::every]
        found[name] = _alarms(taken, find, presidio) if taken else "skipped: the data folder is absent"
    return found


def outcome(text: str, findings: Sequence[Finding]) -> str:
    """What becomes of a prompt under the default policy: "kept local", "masked only" or "untouched"."""
    verdict = decide([Piece("user", text)], [findings], DEFAULT, Terms(target="auto"))
    if verdict.action not in ("allow", "mask"):
        return "kept local"
    return "masked only" if verdict.masks else "untouched"


def library(find: Find, number: int | None = None) -> dict[str, Any]:
    """Secrets that are seen in files of Python's standard library: there are none. Without a number, in all files."""
    kinds: Counter[str] = Counter()
    files = alarming = 0
    for text in library_texts(number):
        secrets = [finding.type for finding in find(text) if finding.klass == "secret"]
        files += 1
        alarming += bool(secrets)
        kinds.update(secrets)
    return {"files": files, "with_secrets_per_1000": per_thousand(alarming, files), "by_type": dict(kinds)}


def library_texts(number: int | None = None) -> Iterator[str]:
    """Yield all files of the library that ships without its tests, or `number` of them, taken evenly."""
    root = Path(sysconfig.get_path("stdlib"))
    files = [file for file in sorted(root.rglob("*.py")) if not _NOT_PLAIN_CODE & set(file.relative_to(root).parts)]
    step = max(1, len(files) // number) if number else 1
    for file in files[::step][:number]:
        yield file.read_text(encoding="utf-8", errors="replace")


def _sets(data: Path) -> dict[str, list[Document]]:
    own = {f"own_{half}": corpora.prompts(half) for half in corpora.HALVES}
    return {**own, "shared_prompts": corpora.routed(data, _ROUTED)}


def _alarms(prompts: Sequence[Document], find: Find, presidio: Spans | None) -> dict[str, Any]:
    found = [find(prompt.text) for prompt in prompts]
    outcomes = Counter(outcome(prompt.text, findings) for prompt, findings in zip(prompts, found, strict=True))
    return {
        "prompts": len(prompts),
        "kept_local_per_1000": per_thousand(outcomes["kept local"], len(prompts)),
        "masked_only_per_1000": per_thousand(outcomes["masked only"], len(prompts)),
        "hard_types": _types(found, weak=False),
        "weak_types": _types(found, weak=True),
        **_flagged(prompts, presidio),
    }


def _flagged(prompts: Sequence[Document], presidio: Spans | None) -> dict[str, float]:
    if presidio is None:
        return {}
    return {"presidio_flags_per_1000": per_thousand(sum(bool(presidio(p.text)) for p in prompts), len(prompts))}


def _types(found: Iterable[Sequence[Finding]], *, weak: bool) -> dict[str, int]:
    counts = Counter(finding.type for findings in found for finding in findings if finding.weak is weak)
    return dict(counts.most_common(8))
