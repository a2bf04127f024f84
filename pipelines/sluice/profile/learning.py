"""Turn the results of profiles into what the calibration learns from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from sluice.profile.items import Item
from sluice.profile.results import Results
from sluice.profile.running import Subject
from sluice.routing.calibration import Adjustment
from sluice.routing.fitting import Observation

Estimate = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Row:
    """How the local models did at one task kind."""

    kind: str
    asked: int
    passed: int
    estimate: float  # mean over the questions, before any calibration
    adjusted: float  # mean after it


def observations(subjects: Iterable[Subject], results: Results, estimate: Estimate) -> list[Observation]:
    """Return what is known of the subjects at their questions."""
    found = []
    for subject in subjects:
        known = results.of(subject.deployment.model)
        asked = [item for item in subject.items if item.id in known]
        found += [Observation(item.kind, estimate(item.ask), not known[item.id].passed) for item in asked]
    return found


def rows(observed: Sequence[Observation], adjustments: dict[str, Adjustment]) -> list[Row]:
    """Return one row for each kind that was observed."""
    by_kind = {kind: [one for one in observed if one.kind == kind] for kind in sorted({one.kind for one in observed})}
    return [_row(kind, seen, adjustments.get(kind, Adjustment())) for kind, seen in by_kind.items()]


def _row(kind: str, seen: Sequence[Observation], adjustment: Adjustment) -> Row:
    return Row(
        kind=kind,
        asked=len(seen),
        passed=sum(not one.failed for one in seen),
        estimate=fmean(one.score for one in seen),
        adjusted=fmean(adjustment.of(one.score) for one in seen),
    )


def by_level(items: Iterable[Item], results: Results, model: str) -> dict[int, tuple[int, int]]:
    """Return for each level how many questions a model passed, and how many it was asked."""
    known = results.of(model)
    counts: dict[int, tuple[int, int]] = {}
    for item in items:
        if item.id in known:
            passed, asked = counts.get(item.level, (0, 0))
            counts[item.level] = (passed + known[item.id].passed, asked + 1)
    return dict(sorted(counts.items()))
