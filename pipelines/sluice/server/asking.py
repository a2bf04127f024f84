"""What a person is shown before a conversation is sent to the cloud at their wish: its words, the model, the price."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sluice import chat
from sluice.chat import Call
from sluice.chat.attachments import without_attachments
from sluice.chat.own_words import texts
from sluice.config import Deployment
from sluice.engine import Engine
from sluice.errors import BudgetUsedUp, NoModel, Refused, RequestError, StaysLocal, TooLong
from sluice.gateway import PREFIX, signals_of
from sluice.guard import Terms, Verdict
from sluice.identity import Caller
from sluice.ledger import cost
from sluice.ledger.prices import priced
from sluice.routing import decide
from sluice.server.callers import Callers
from sluice.server.completions import decode
from sluice.server.guarding import Guarding
from sluice.upstream import Usage, title

LANES = ("cloud", "frontier")
# Most answers are between these, in tokens; what one will have nobody knows before.
SHORT_ANSWER, LONG_ANSWER = 150, 1500
SHOWN = 12_000  # characters


@dataclass(frozen=True, slots=True)
class Offer:
    """What asking the cloud would mean. `reasons` say why it cannot be; the rest is empty then."""

    reasons: tuple[str, ...] = ()
    model: str = ""
    usd: tuple[Decimal, Decimal] | None = None  # for a short answer and for a long one
    prompt_tokens: int = 0
    messages: tuple[Mapping[str, str], ...] = ()  # as the cloud would read them

    def body(self) -> dict[str, Any]:
        return {
            "possible": not self.reasons,
            "reasons": list(self.reasons),
            "model": self.model,
            "usd": [float(price) for price in self.usd] if self.usd else None,
            "prompt_tokens": self.prompt_tokens,
            "messages": list(self.messages),
        }


class Asking:
    """The route of the offer. Nothing is sent or remembered here: the call itself is judged anew when it comes."""

    def __init__(self, engine: Callable[[], Engine], guarding: Guarding, callers: Callers) -> None:
        self._engine = engine
        self._guarding = guarding
        self._callers = callers

    def routes(self) -> list[Route]:
        return [Route("/sluice/v1/offer", self._offer, methods=["POST"])]

    async def _offer(self, request: Request) -> Response:
        """The offer for `messages` and a `lane` of the cloud, with what must be agreed to first, as `inspect` does."""
        caller, data = self._callers.known(request), await decode(await request.body())
        if not isinstance(data, dict) or data.get("lane") not in LANES:
            raise RequestError('Send {"messages": […], "lane": "cloud"}.')
        call = chat.read_call({"messages": data.get("messages"), "model": f"{PREFIX}{data['lane']}"})
        judged = await self._guarding.judged(call, caller)
        if judged["action"] in ("local", "block"):
            return JSONResponse(Offer(reasons=tuple(judged["reasons"])).body())
        offer = await self._offered(call, caller, asks=judged["action"] == "ask")
        agree = {name: judged[name] for name in ("asks", "challenge") if judged.get(name)}
        return JSONResponse({**offer.body(), **agree})

    async def _offered(self, call: Call, caller: Caller, *, asks: bool) -> Offer:
        try:
            deployment = await self._chosen(call, caller, asks=asks)
            verdict, terms = await self._engine().gateway.inspect(call, caller)
            sent = await self._as_sent(call, caller, verdict, terms)
        except (BudgetUsedUp, NoModel, TooLong, Refused, StaysLocal) as error:
            return Offer(reasons=(str(error),))
        tokens = chat.prompt_tokens(sent.messages, [])
        prices = [self._price(deployment, tokens, answer) for answer in (SHORT_ANSWER, LONG_ANSWER)]
        known = [price for price in prices if price is not None]
        return Offer(
            model=title(deployment),
            usd=(known[0], known[1]) if len(known) == 2 else None,
            prompt_tokens=tokens,
            messages=_shown(sent),
        )

    async def _chosen(self, call: Call, caller: Caller, *, asks: bool) -> Deployment:
        """The cloud model that would answer. Raises StaysLocal where the gateway would keep the call."""
        engine = self._engine()
        await engine.fleet.settled()
        if asks:
            # Until the person agreed the gateway keeps it: what counts is who answers afterwards.
            decision = decide(signals_of(call, caller), engine.fleet.candidates())
        else:
            decision = (await engine.gateway.plan(call, caller)).decision
        if decision.location != "cloud":
            raise StaysLocal("; ".join(decision.reasons))
        return engine.fleet.deployment(decision.model)

    async def _as_sent(self, call: Call, caller: Caller, verdict: Verdict, terms: Terms) -> Call:
        """The call as the cloud would get it. Pictures and recordings are left out of what is shown."""
        if verdict.action == "allow" and not verdict.masks:
            return call
        return (await self._engine().gateway.masked(without_attachments(call), caller, terms)).call

    def _price(self, deployment: Deployment, prompt: int, answer: int) -> Decimal | None:
        engine = self._engine()
        config = engine.live.current
        today = engine.records.book.today(config.ledger.zone)
        return cost(priced(deployment), "cloud", Usage(prompt, answer), config.prices, today)


def _shown(call: Call) -> tuple[Mapping[str, str], ...]:
    """The messages by role, the newest first cut to what a dialog can hold, in their order."""
    left, shown = SHOWN, []
    for message in reversed(call.messages):
        text = texts(message)
        if left <= 0:
            break
        shown.append({"role": str(message["role"]), "content": text if len(text) <= left else f"…{text[-left:]}"})
        left -= len(text)
    return tuple(reversed(shown))
