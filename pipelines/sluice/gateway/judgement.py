"""Judge a call before it is routed: what the guard says of it, what keeps it local, what its chat must remember."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from sluice import chat
from sluice.chat import Call
from sluice.config import Config, LiveConfig
from sluice.gateway.costing import limits_of, picks_model, spender_of
from sluice.gateway.plan import Heard, hear, target_of
from sluice.gateway.policies import policy_version
from sluice.guard import OBSERVED, PRIVATE, Guard, Memory, Policy, Terms, Verdict, policy_of
from sluice.identity import Caller
from sluice.ledger import Book, Standing
from sluice.switches import Switches
from sluice.upstream import Fleet
from sluice.words import listed, words


@dataclass(frozen=True, slots=True)
class Judgement:
    """What keeps a call local, a remark on what a switch lets pass, and the guard's verdict."""

    confined: tuple[str, ...]
    remark: str
    verdict: Verdict
    terms: Terms
    policy: str  # hash of the policy it was judged by
    keeps: frozenset[str] = frozenset()  # labels for the branch of the chat
    observed: bool = False  # the verdict is what it is only because the guard observes
    overspent: Standing | None = None  # the budget that is used up where the person picked this very cloud model

    @property
    def masks(self) -> bool:
        """Whether what leaves is not the call as it came."""
        return self.verdict.action == "mask" or self.verdict.masks


@dataclass(frozen=True, slots=True)
class Considered:
    """A call, read and judged: all that routing and the audit log need."""

    call: Call
    caller: Caller
    config: Config
    heard: Heard
    judged: Judgement


class Judge:
    """Judges calls; only `keep` writes anything down."""

    def __init__(
        self,
        live: LiveConfig,
        fleet: Fleet,
        guard: Callable[[], Guard],
        memory: Memory,
        book: Book,
        switches: Callable[[], Switches],
    ) -> None:
        self._live = live
        self._fleet = fleet
        self._guard = guard
        self._memory = memory
        self._book = book
        self._switches = switches

    async def consider(self, call: Call, caller: Caller) -> Considered:
        """Return the call with everything that keeps it local, and what policy says of it."""
        config, switches = self._live.current, self._switches()
        heard, terms = await self.hear(call, caller)
        stays = _stays(heard, caller, terms)
        verdict = await self._verdict(heard, terms, config, stays=stays)
        observed = switches.guard == "observe" and not stays and verdict.complete and not holds_secret(verdict, terms)
        remarks = [_would(verdict)] if observed else []
        if observed:
            verdict = replace(verdict, action="allow", masks=False, keeps=frozenset())
        confined = _confined(verdict, terms, caller, switches)
        overspent: Standing | None = None
        if verdict.action != "block" and not confined and not stays:
            limits = limits_of(config, switches)
            spent = await asyncio.to_thread(self._book.used_up, limits, spender_of(caller))
            why = [spent.sentence(limits.currency)] if spent else []
            if spent and limits.enforced and picks_model(heard.signals.lane, terms.target):
                overspent = spent
            (confined if limits.enforced and not overspent else remarks).extend(why)
        judged = Judgement(
            tuple(confined),
            "; ".join(remarks),
            verdict,
            terms,
            policy_version(config, switches.guard),
            verdict.keeps | _wished(heard),
            observed,
            overspent,
        )
        return Considered(call, caller, config, heard, judged)

    async def hear(self, call: Call, caller: Caller) -> tuple[Heard, Terms]:
        """Read a call, and under which terms the guard judges it."""
        heard = await asyncio.to_thread(
            hear, call, caller, self._live.current.privacy.public_sources, self._memory.salt
        )
        return heard, await asyncio.to_thread(self._terms, heard, call, caller)

    async def keep(self, call: Call, caller: Caller, labels: frozenset[str]) -> None:
        """Label the branch up to its newest message. Tasks have texts of their own and say nothing of it."""
        if labels and caller.conversation is not None and not caller.task:
            turn = await asyncio.to_thread(chat.newest_turn, call, self._memory.salt)
            await asyncio.to_thread(self._memory.keep, caller.conversation, turn, labels)

    def _terms(self, heard: Heard, call: Call, caller: Caller) -> Terms:
        cloud = {one.name for one in self._fleet.candidates() if one.location == "cloud"}
        terms = Terms(
            target=target_of(heard.signals, cloud),
            groups=caller.groups,
            strict=call.intent.strict,
            salt=self._memory.salt,
        )
        if caller.conversation is None:
            return terms
        consents, refusals = self._memory.consents(caller.conversation, heard.signals.lane)
        labels = self._memory.labels(caller.conversation, chat.turns(call, self._memory.salt))
        return replace(terms, labels=labels, consents=consents, refusals=refusals)

    async def _verdict(self, heard: Heard, terms: Terms, config: Config, *, stays: bool) -> Verdict:
        if stays and not _blocks(config):
            return Verdict("allow")
        return await self._guard().judge(heard.pieces, terms, heard.own)


def policy_in_force(considered: Considered) -> Policy:
    """What may leave. While the guard only observes, nothing but secrets is kept."""
    if considered.judged.observed:
        return OBSERVED
    return policy_of(considered.config.privacy, considered.caller.groups)


def holds_secret(verdict: Verdict, terms: Terms) -> bool:
    """Whether there is a secret, hard or weak, in a call or earlier in its branch: it stays whatever is switched."""
    return "secret" in verdict.labels or "secret" in verdict.weak or "secret" in terms.labels


def _confined(verdict: Verdict, terms: Terms, caller: Caller, switches: Switches) -> list[str]:
    """What keeps a call local, but for budgets, the most telling first."""
    if verdict.action == "block":
        return []
    confined = []
    if verdict.action in ("local", "ask"):
        confined.append(_why(verdict))
    elif PRIVATE in terms.labels:
        confined.append("this chat holds messages that were private")
    if not switches.cloud:
        confined.append("the cloud is switched off")
    if not caller.is_known:
        confined.append("the caller is not identified")
    return confined


def _wished(heard: Heard) -> frozenset[str]:
    wished = heard.signals.lane == "local" or heard.signals.preference == "private"
    return frozenset({PRIVATE}) if wished else frozenset()


def _stays(heard: Heard, caller: Caller, terms: Terms) -> bool:
    """Whether the call stays whatever the guard finds; what the cloud's switch keeps is not among it.

    For what is private while the cloud is off is still private when it is on again.
    """
    return heard.signals.lane == "local" or bool(caller.task) or not caller.is_known or PRIVATE in terms.labels


def _blocks(config: Config) -> bool:
    groups = [policy_of(config.privacy, [group]) for group in config.privacy.groups]
    policies = [policy_of(config.privacy), *groups]
    return any("block" in (rule.auto, rule.picked, rule.weak) for policy in policies for rule in policy.values())


def _would(verdict: Verdict) -> str:
    did = {
        "allow": "",
        "mask": "masked names and numbers",
        "ask": "asked before it let go of",
        "local": "kept this local",
        "block": "blocked this",
    }[verdict.action]
    reason = ", ".join(verdict.reasons)
    return f"the guard only observes; it would have {did}: {reason}" if did else "the guard only observes"


def _why(verdict: Verdict) -> str:
    reason = listed(verdict.reasons)
    return words("{why}, which you did not let go", why=reason) if verdict.action == "ask" else reason
