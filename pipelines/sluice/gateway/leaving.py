"""Make a call fit to leave the machine: mask it, and look at it once more."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial

from sluice.chat import Call, pieces
from sluice.config.schema import Action, Privacy
from sluice.errors import GuardFailed, StaysLocal
from sluice.gateway.own import own_findings
from sluice.guard import WHOLE, Finding, Guard, Policy, Terms
from sluice.guard.joined import across
from sluice.guard.policy import decide
from sluice.identity import Caller
from sluice.masking import Map, Mark, Restorer, Vault, mask_call, schemas_of, texts_of
from sluice.media import Images, Media, Seen, readings, together

Found = Mapping[str, Sequence[Finding]]
Marks = Mapping[str, Sequence[Mark]]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A call as the cloud gets it. `masked` counts the values in it that placeholders stand for."""

    call: Call
    map: Map
    masked: int
    reaches_out: Callable[[str], bool]  # whether a tool of this name goes to the network
    unread: str = ""  # what left without anybody here having read it

    @property
    def note(self) -> str:
        """What the person is told of it."""
        return ", ".join(part for part in (f"{self.masked} masked" if self.masked else "", self.unread) if part)

    def restorer(self) -> Restorer:
        """Return what puts the values back into an answer."""
        return Restorer(self.map, reaches_out=self.reaches_out)


class Exit:
    """The way out: what takes it is masked as policy says, and looked at once more."""

    def __init__(
        self, guard: Callable[[], Guard], vault: Vault, privacy: Callable[[], Privacy], images: Images | None = None
    ) -> None:
        self._guard = guard
        self._vault = vault
        self._media = Media(images or Images(), privacy)

    async def prepare(self, call: Call, caller: Caller, terms: Terms, policy: Policy, privacy: Privacy) -> Leaving:
        """Return the call as the cloud may get it. Raises StaysLocal where that cannot be had."""
        try:
            seen = await self._media.read(call)
            shown = await self._judged(seen, caller, terms, policy)
            found = {**await self._findings(seen.call, caller, terms, policy), **shown}
            leaving, marks = await asyncio.to_thread(self._masked, seen, caller, found, privacy)
            await self._look_again(leaving, terms, policy)
            covered = await self._media.covered(leaving.call, seen, marks, partial(self._left, terms, policy))
        except GuardFailed as error:
            raise StaysLocal(f"the guard {error.why}, so this stays local") from None
        return replace(leaving, call=covered)

    async def _judged(self, seen: Seen, caller: Caller, terms: Terms, policy: Policy) -> Found:
        """What is to be covered in each picture. Raises StaysLocal for what may not leave even masked.

        What stands in pictures, and what is said in recordings, was in no text that was judged before.
        """
        found = {text: await self._read(text, caller) for text in (*seen.shown, *seen.said)}
        verdict = decide((), found.values(), policy, replace(terms, labels=frozenset()))
        if verdict.action not in ("allow", "mask"):
            raise StaysLocal(f"{', '.join(verdict.reasons)} in what is attached", verdict.keeps)
        return {text: _to_be_masked(found[text], terms, policy) for text in seen.shown}

    async def _read(self, text: str, caller: Caller) -> Sequence[Finding]:
        """What is found in a text that a machine read, whatever it misread."""
        read = readings(text)
        ways = (text, *read.others)
        found = await self._guard().findings(ways)
        return together(read, [*(found[way] for way in ways), own_findings(text, caller)])

    async def _findings(self, call: Call, caller: Caller, terms: Terms, policy: Policy) -> Found:
        """What is to be masked in each text of the call; what policy allows is left as it is."""
        guard = self._guard()
        # Schemas are prose about tools, in which names are seen everywhere; see Guard.read.
        found = {**await guard.findings(schemas_of(call), names=False), **await guard.findings(texts_of(call))}
        return {
            text: _to_be_masked((*findings, *own_findings(text, caller)), terms, policy)
            for text, findings in found.items()
        }

    def _masked(self, seen: Seen, caller: Caller, found: Found, privacy: Privacy) -> tuple[Leaving, Marks]:
        invents = privacy.placeholders == "surrogates"
        with self._vault.using(caller.conversation, invents=invents) as (map, memo):
            masked = mask_call(seen.call, lambda text: found.get(text, ()), map, memo, seen.shown)
        return Leaving(masked.call, map, masked.values, partial(_reaches_out, privacy), seen.note), masked.marks

    async def _look_again(self, leaving: Leaving, terms: Terms, policy: Policy) -> None:
        """Search what would be sent for secrets and identifiers; whatever is found now keeps the call.

        It is read text by text, and as it was judged: what only the words of a neighbouring text give away counts too.
        """
        sent = pieces(leaving.call)
        read = [*texts_of(leaving.call), *schemas_of(leaving.call), *(piece.text for piece in sent if piece.text)]
        found = await self._guard().findings((leaving.map.invented.without(text) for text in read), names=False)
        split = await asyncio.to_thread(across, [piece.text for piece in sent if piece.kind == "user"])
        findings = [*(one for each in found.values() for one in each), *(joined.finding for joined in split)]
        left = {finding.type for finding in findings if _is_left(finding, terms, policy)}
        if left:
            raise StaysLocal(f"{_words(left)} could not be masked, so this stays local")

    async def _left(self, terms: Terms, policy: Policy, text: str) -> Sequence[Finding]:
        """Return what is left in a text that can still be read in a covered picture."""
        read = readings(text)
        ways = (text, *read.others)
        found = await self._guard().findings(ways, names=False)
        return [one for one in together(read, [found[way] for way in ways]) if _is_left(one, terms, policy)]


def _reaches_out(privacy: Privacy, tool: str) -> bool:
    """Whether a tool gets placeholders, never what was masked."""
    name = tool.casefold()
    inside = not privacy.inside_tools or any(fnmatchcase(name, pattern) for pattern in privacy.inside_tools)
    return not inside or any(fnmatchcase(name, pattern) for pattern in privacy.network_tools)


def _to_be_masked(findings: Iterable[Finding], terms: Terms, policy: Policy) -> list[Finding]:
    return [finding for finding in findings if _action(finding, terms, policy) != "allow"]


def _action(finding: Finding, terms: Terms, policy: Policy) -> Action:
    rule = policy[finding.klass]
    return rule.weak if finding.weak else rule.of(terms.target)


def _is_left(finding: Finding, terms: Terms, policy: Policy) -> bool:
    return not finding.weak and finding.type not in WHOLE and _action(finding, terms, policy) != "allow"


def _words(types: Iterable[str]) -> str:
    return ", ".join(sorted(kind.replace("_", " ").lower() for kind in types))
