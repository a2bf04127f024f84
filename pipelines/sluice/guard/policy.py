"""Turn what was found in a call into what may happen to it.

The policy is one table: for each class, what happens where the router would choose the cloud (*auto*), where
a person chose it (*picked*), and to weak findings.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sluice.chat.piece import Piece
from sluice.config.schema import Action, Actions, FindingClass, Privacy, Target
from sluice.guard.asks import DOUBTFUL, asks_of, attached_of, class_of, label_of
from sluice.guard.classes import CLASSES, WHOLE
from sluice.guard.values import Ask, Finding, Verdict
from sluice.words import words

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "secret": "a key or password",
        "personal": "personal data",
        "financial": "financial data",
        "medical": "medical data",
        "legal": "legal matter",
        "source_code": "source code of your own",
        "confidential": "confidential matter",
        "doubtful": "perhaps more personal data than was recognised",
    }
)
# A label that no policy lifts: a person wished it, by a lane, a preference or `@local`.
PRIVATE = "private"
STRENGTH: Mapping[Action, int] = MappingProxyType({"allow": 0, "mask": 1, "ask": 2, "local": 3, "block": 4})
# Hard findings of these are about a person, and make a bare name beside them more than a name.
_TYING = frozenset({"personal", "financial", "medical"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to the findings of one class."""

    auto: Action = "local"
    picked: Action = "local"
    weak: Action = "mask"

    def of(self, target: Target) -> Action:
        """Return the action for a finding that is not weak."""
        return self.auto if target == "auto" else self.picked


Policy = Mapping[str, Rule]
_MASKED_WHEN_PICKED = Rule(picked="mask")
_STAYS = Rule()
DEFAULT: Policy = MappingProxyType(
    {
        "secret": Rule(weak="local"),
        "personal": _MASKED_WHEN_PICKED,
        "financial": _MASKED_WHEN_PICKED,
        "medical": _MASKED_WHEN_PICKED,
        "legal": _STAYS,
        "source_code": _STAYS,
        "confidential": _STAYS,
        "doubtful": Rule("mask", "ask"),
        "document": Rule(picked="ask"),
    }
)

# What holds while the guard only observes: secrets stay even then.
OBSERVED: Policy = MappingProxyType({**dict.fromkeys(DEFAULT, Rule(*("allow",) * 3)), "secret": Rule(weak="local")})


@dataclass(frozen=True, slots=True)
class Terms:
    """What a call is judged under. `labels` are those of the branch of the chat, `consents` ids of asks."""

    target: Target = "auto"
    groups: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    refusals: frozenset[str] = frozenset()  # ids of asks that the person said no to
    strict: bool = False  # the person's own wish: what would be masked or asked stays
    salt: bytes = b""


def default_policy() -> Policy:
    """Return the careful default."""
    return DEFAULT


def policy_of(privacy: Privacy, groups: Iterable[str] = ()) -> Policy:
    """Return the policy of somebody in these groups: of two groups' rules, the stricter."""
    general = _changed(DEFAULT, privacy.actions)
    own = [_changed(general, privacy.groups[group]) for group in sorted(groups) if group in privacy.groups]
    if not own:
        return general
    return {klass: _strictest([policy[klass] for policy in own]) for klass in CLASSES}


def _changed(policy: Policy, actions: Mapping[FindingClass, Actions]) -> Policy:
    changed = {
        str(klass): replace(policy[klass], **given.model_dump(exclude_none=True)) for klass, given in actions.items()
    }
    return MappingProxyType({**policy, **changed})


def _strictest(rules: Sequence[Rule]) -> Rule:
    return Rule(*(_strongest(getattr(rule, column) for rule in rules) for column in ("auto", "picked", "weak")))


def decide(pieces: Sequence[Piece], found: Iterable[Sequence[Finding]], policy: Policy, terms: Terms) -> Verdict:
    """Return the strictest action for anything that is present; `found` begins with the findings of each piece.

    Attached documents and media count as class *document*, whatever is found in them, until somebody consented.
    """
    groups = list(found)
    hard, weak = _parted([finding for one in groups for finding in one])
    asks = asks_of(pieces, groups, terms.labels, terms.salt)
    asks = tuple(ask for ask in asks if ask.id not in terms.consents)
    actions = _actions(hard, weak, asks, policy, terms)
    action = _strongest(actions.values())
    counts = Counter(finding.klass for finding in hard)
    attached = attached_of(pieces)
    if attached:
        counts["document"] += len(attached)
    return Verdict(
        action=action,
        counts=dict(counts),
        weak=dict(Counter(finding.klass for finding in weak)),
        labels=frozenset(counts),
        reasons=tuple(_reason(klass, counts[klass] or len(weak), attached) for klass in _decisive(actions, action)),
        asks=tuple(ask for ask in asks if action == actions.get(class_of(ask)) == "ask"),
        masks="mask" in actions.values(),
        keeps=_labels_kept(actions, asks),
    )


def unfinished(why: str, pieces: Sequence[Piece] = (), salt: bytes = b"") -> Verdict:
    """Return the verdict of a guard that failed: the call stays on this machine."""
    return Verdict(
        action="local",
        reasons=(f"the guard {why}, so this stays local",),
        complete=False,
        keeps=frozenset(label_of(ask) for ask in asks_of(pieces, (), frozenset(), salt)),
    )


def _parted(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Hard and weak findings; beside a hard finding about a person no name is weak."""
    tied = any(not finding.weak and finding.klass in _TYING and finding.type not in WHOLE for finding in findings)
    hard = [finding for finding in findings if tied or not finding.weak]
    return hard, [] if tied else [finding for finding in findings if finding.weak]


def _actions(
    hard: Sequence[Finding], weak: Sequence[Finding], asks: Sequence[Ask], policy: Policy, terms: Terms
) -> dict[str, Action]:
    """The action for each class that is present, now or earlier in the branch."""
    actions: dict[str, Action] = {}

    def add(klass: str, action: Action) -> None:
        actions[klass] = _strongest((actions.get(klass, "allow"), _tightened(action, terms)))

    for finding in hard:
        if finding.klass != DOUBTFUL:
            action = policy[finding.klass].of(terms.target)
            add(finding.klass, _uncurable(action) if finding.type in WHOLE else action)
    for finding in weak:
        add(finding.klass, policy[finding.klass].weak)
    # Where nothing is masked, nothing can have been forgotten.
    masked = "mask" in actions.values()
    for ask in asks:
        if masked or class_of(ask) != DOUBTFUL:
            action = policy[class_of(ask)].of(terms.target)
            add(class_of(ask), "local" if action == "ask" and ask.id in terms.refusals else action)
    for label in terms.labels:
        if label == PRIVATE:
            add(PRIVATE, "local")
        elif label in policy:
            add(label, policy[label].of(terms.target))
    return actions


def _uncurable(action: Action) -> Action:
    """Masking the words that gave a text away cures nothing."""
    return "local" if action in ("mask", "ask") else action


def _tightened(action: Action, terms: Terms) -> Action:
    return "local" if terms.strict and action in ("mask", "ask") else action


def _labels_kept(actions: Mapping[str, Action], asks: Sequence[Ask]) -> frozenset[str]:
    """What later messages of the branch must know: why this one stayed."""
    kept = {klass for klass, action in actions.items() if STRENGTH[action] >= STRENGTH["ask"]}
    asked = {label_of(ask) for ask in asks if class_of(ask) in kept}
    return frozenset(kept - {"document", DOUBTFUL} | asked)


def _decisive(actions: Mapping[str, Action], action: Action) -> list[str]:
    if action == "allow":
        return []
    return [klass for klass in (*CLASSES, PRIVATE) if actions.get(klass) == action]


def _strongest(actions: Iterable[Action]) -> Action:
    return max(actions, key=lambda action: STRENGTH[action], default="allow")


EARLIER = "{what} earlier in this chat"


def _reason(klass: str, count: int, attached: Sequence[Piece]) -> str:
    if klass == PRIVATE:
        return words("this chat holds messages that were private")
    if klass != "document":
        what = WORDS[klass]
        return words("{what} ({count})", what=what, count=count) if count else words(EARLIER, what=what)
    nouns = " and ".join(sorted({piece.media or "document" for piece in attached}) or ["document"])
    what = words("attached {what}", what=nouns)
    if not attached:
        return words(EARLIER, what=what)
    return words("{what} ({count})", what=what, count=count) if count > 1 else what
