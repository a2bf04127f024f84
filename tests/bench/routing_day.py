"""Which rung the router takes for labelled questions, where a day of a ten-person team is answered, and what it saves.

Nothing is called: each question is read and decided as the gateway does, on a workstation with the whole ladder. The
rules were tuned on the half `dev`; `held` is the half that was not looked at, `blind` was written and labelled by
somebody else, who knew nothing of the rules. tests/bench/corpora/routing/README.md
says how questions were labelled, tests/bench/routing/team_day.py how the day is made.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sluice.routing import Decision, Policy, decide

from tests.bench import figures
from tests.bench.routing.cases import Case, Half, blind_cases, cases
from tests.bench.routing.replay import LADDER, decided, default_policy, replayed, rung, signals
from tests.bench.routing.saving import saving
from tests.bench.routing.team_day import TEAM, Asked, day

RUNGS = ("small", "standard", "coder", "vision", "long", "cloud", "frontier")
NEEDS_CLOUD = ("cloud", "frontier")
DAYS = 5  # of the same team with other questions, since one day has few of the hardest
HALVES: tuple[Half, ...] = ("dev", "held")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="./scripts/bench routing_day", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args(arguments)
    figures.show({"machine": figures.machine(), **measure()}, as_json=options.json)


def measure() -> dict[str, Any]:
    """Return all figures, as plain values."""
    policy = default_policy()
    found: dict[str, Any] = {"threshold": policy.threshold}
    found["questions_blind"] = confusion(_taken(blind_cases(), policy))
    for half in HALVES:
        found[f"questions_{half}"] = confusion(_taken([case for case in cases() if case.half == half], policy))
        found[f"day_{half}"] = summary(list(replayed(day(half), policy)))
        days = [replayed(day(half, seed), policy) for seed in range(DAYS)]
        together = [one for each in days for one in each]
        found[f"{DAYS}_days_{half}"] = summary(together)
        found[f"saving_{DAYS}_days_{half}"] = saving(together)
    found["decision"] = _times()
    return found


def _taken(labelled: Sequence[Case], policy: Policy) -> list[tuple[Case, str]]:
    return [(case, rung(decided(case, policy)[1])) for case in labelled]


def confusion(labelled: Sequence[tuple[Case, str]]) -> Mapping[str, Any]:
    """How often each rung was taken where another one was labelled: rows are labels, columns in the order of RUNGS."""
    counted = Counter((case.rung, taken) for case, taken in labelled)
    needing = [taken for case, taken in labelled if case.rung in NEEDS_CLOUD and not case.confined]
    spared = [taken for case, taken in labelled if case.rung not in NEEDS_CLOUD]
    return {
        "count": len(labelled),
        "columns": " ".join(f"{name:>8}" for name in RUNGS),
        "label": {name: " ".join(f"{counted[name, taken]:8}" for taken in RUNGS) for name in RUNGS},
        "exact": _share(sum(case.rung == taken for case, taken in labelled), len(labelled)),
        "needs_cloud_kept_local": _share(sum(taken not in NEEDS_CLOUD for taken in needing), len(needing)),
        "sent_without_need": _share(sum(taken in NEEDS_CLOUD for taken in spared), len(spared)),
    }


def summary(answered: Sequence[tuple[Asked, Decision]]) -> Mapping[str, Any]:
    """Where the calls of a day went; background tasks apart."""
    chats = [(asked, decision) for asked, decision in answered if not asked.task]
    tasks = [decision for asked, decision in answered if asked.task]
    needing = {name: [d for a, d in chats if a.is_free and a.rung in rungs] for name, rungs in _NEEDS.items()}
    per_person = Counter(asked.person for asked, _ in chats)
    return {
        "people": len(TEAM),
        "calls": len(chats),
        "calls_a_person": f"{min(per_person.values())} to {max(per_person.values())}",
        "answered_locally": _share(sum(d.location == "local" for _, d in chats), len(chats)),
        "answered_locally_by_group": {
            group: _share(sum(d.location == "local" for a, d in chats if a.group == group), size)
            for group, size in Counter(asked.group for asked, _ in chats).items()
        },
        "by_rung": dict(Counter(rung(decision) for _, decision in chats).most_common()),
        "tasks": len(tasks),
        "tasks_answered_locally": _share(sum(d.location == "local" for d in tasks), len(tasks)),
        **{
            f"{name}_and_free": {
                "calls": len(those),
                "kept_local": _share(sum(d.location == "local" for d in those), len(those)),
            }
            for name, those in needing.items()
        },
    }


_NEEDS: Mapping[str, tuple[str, ...]] = {"needs_frontier": ("frontier",), "needs_cloud_or_frontier": NEEDS_CLOUD}


def _times() -> Mapping[str, Any]:
    """What reading the signals, and deciding on them, takes for each labelled question."""
    policy, reading, deciding = default_policy(), [], []
    for case in cases():
        call = case.call()
        begun = time.perf_counter()
        read = signals(call)
        reading.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        decide(read, LADDER, policy)
        deciding.append(time.perf_counter() - begun)
    return {"signals": figures.spread(reading), "decide": figures.spread(deciding)}


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part} of {whole})" if whole else "none"


if __name__ == "__main__":
    main()
