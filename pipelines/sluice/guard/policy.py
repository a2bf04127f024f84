"""Turn what was found in a call into what may happen to it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from sluice.chat.piece import Piece
from sluice.config.schema import Action
from sluice.guard.classes import CLASSES
from sluice.guard.values import Finding, Verdict

_WORDS = {
    "secret": "a key or password",
    "personal": "personal data",
    "financial": "financial data",
    "medical": "medical data",
    "legal": "legal matter",
    "source_code": "source code of your own",
    "confidential": "confidential matter",
}
# A place by itself ties nothing to anyone; beside a name or a number, that decides.
WEAK = frozenset({"LOCATION"})
_STRENGTH: dict[Action, int] = {"allow": 0, "local": 1, "block": 2}


def default_policy() -> Mapping[str, Action]:
    """Return the careful default: whatever is found keeps the call on this machine."""
    return MappingProxyType(dict.fromkeys(CLASSES, "local"))


def decide(pieces: Sequence[Piece], findings: Iterable[Finding], policy: Mapping[str, Action]) -> Verdict:
    """Return the strictest action that the policy names for a class that is present.

    A class that the policy does not mention is kept local. Weak findings decide nothing. Attached
    documents and media count as class *document*, whatever is found in them.
    """
    counts = Counter(finding.klass for finding in findings if finding.type not in WEAK)
    attached = [piece for piece in pieces if piece.kind in ("document", "media")]
    if attached:
        counts["document"] += len(attached)
    actions: dict[str, Action] = {klass: policy.get(klass, "local") for klass in counts}
    action: Action = max(actions.values(), key=lambda action: _STRENGTH[action], default="allow")
    decisive = [klass for klass in CLASSES if actions.get(klass) == action != "allow"]
    return Verdict(
        action=action,
        counts=dict(counts),
        labels=frozenset(counts),
        reasons=tuple(_reason(klass, counts[klass], attached) for klass in decisive),
    )


def unfinished(why: str) -> Verdict:
    """Return the verdict of a guard that failed: the call stays on this machine."""
    return Verdict(action="local", reasons=(f"the guard {why}, so this stays local",), complete=False)


def _reason(klass: str, count: int, attached: Sequence[Piece]) -> str:
    if klass != "document":
        return f"{_WORDS[klass]} ({count})"
    nouns = sorted({piece.media or "document" for piece in attached})
    number = f" ({count})" if count > 1 else ""
    return f"attached {' and '.join(nouns)}{number}"
