"""Say what another calibration would have moved, before it is switched on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sluice.learning.past import Past
from sluice.routing import Calibration

# What a question would cost in the cloud, by its tokens; None where no price is known.
Price = Callable[[int, int], Decimal | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides whether the cloud is preferred."""

    calibration: Calibration
    threshold: float

    def prefers_cloud(self, call: Past) -> bool:
        """Whether the estimate would send a question to the cloud; what may not leave stays."""
        return call.may_leave and self.calibration.adjusted(call.estimate, call.kind) >= self.threshold


@dataclass(frozen=True, slots=True)
class Move:
    """What changes for one task kind. `usd` is what it would have cost more, as far as prices are known."""

    kind: str
    calls: int
    stayed_private: int
    cloud_before: int
    cloud_after: int
    to_cloud: int
    to_local: int
    usd: Decimal
    unpriced: int  # calls that would have moved to the cloud at a price that nobody knows


def moves(past: Sequence[Past], before: Rule, after: Rule, price: Price) -> list[Move]:
    """Return one for each task kind, the largest first."""
    kinds = sorted({call.kind for call in past})
    found = [_move(kind, [call for call in past if call.kind == kind], before, after, price) for kind in kinds]
    return sorted(found, key=lambda move: -move.calls)


def _move(kind: str, past: Sequence[Past], before: Rule, after: Rule, price: Price) -> Move:
    up = [call for call in past if after.prefers_cloud(call) and not before.prefers_cloud(call)]
    down = [call for call in past if before.prefers_cloud(call) and not after.prefers_cloud(call)]
    prices = [price(call.prompt_tokens, call.completion_tokens) for call in up]
    return Move(
        kind=kind,
        calls=len(past),
        stayed_private=sum(not call.may_leave for call in past),
        cloud_before=sum(map(before.prefers_cloud, past)),
        cloud_after=sum(map(after.prefers_cloud, past)),
        to_cloud=len(up),
        to_local=len(down),
        usd=_known(prices) - _known(call.cost for call in down),
        unpriced=prices.count(None),
    )


def _known(prices: Iterable[Decimal | None]) -> Decimal:
    return sum((price for price in prices if price is not None), Decimal(0))
