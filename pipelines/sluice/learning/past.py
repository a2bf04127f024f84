"""What became of the questions that Auto decided, read from bookings and feedback."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from sluice.config.schema import Location
from sluice.ledger import Booking, Feedback, Signal
from sluice.ledger.money import usd

DECIDED = ("chat", "api", "batch")  # kinds of bookings: rounds of tools go where their question went, tasks stay


@dataclass(frozen=True, slots=True)
class Past:
    """A question that Auto decided. `estimate` is before any calibration, money in US dollars."""

    chat: str
    message: str
    kind: str
    estimate: float
    location: Location
    model: str = ""
    may_leave: bool = True  # nothing private was found in it
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal | None = None
    signals: frozenset[Signal] = field(default_factory=frozenset)


def past_calls(bookings: Iterable[Booking], feedback: Iterable[Feedback] = ()) -> list[Past]:
    """Return one for each question: of several attempts, the one that answered or, failing that, the last."""
    said: dict[tuple[str, str], set[Signal]] = {}
    for one in feedback:
        said.setdefault((one.user, one.message), set()).add(one.signal)
    found: dict[tuple[str, str, str], Booking] = {}
    for booking in bookings:
        if not _is_decided(booking):
            continue
        opening = booking.opening
        name = (opening.user, opening.chat, opening.message or str(booking.id))
        if name not in found or not _answered(found[name]):
            found[name] = booking
    return [_past(booking, said) for booking in found.values()]


def _is_decided(booking: Booking) -> bool:
    opening = booking.opening
    return opening.lane == "auto" and opening.kind in DECIDED and opening.complexity is not None


def _answered(booking: Booking) -> bool:
    return booking.closing is not None and booking.closing.outcome == "finished"


def _past(booking: Booking, said: dict[tuple[str, str], set[Signal]]) -> Past:
    opening, closing = booking.opening, booking.closing
    return Past(
        chat=opening.chat or str(booking.id),
        message=opening.message,
        kind=opening.task_kind or "chat",
        estimate=opening.complexity or 0.0,
        location=opening.location,
        model=opening.model,
        may_leave=not opening.classes,
        prompt_tokens=closing.tokens.prompt if closing else 0,
        completion_tokens=closing.tokens.completion if closing else 0,
        cost=usd(closing.cost) if closing and closing.cost is not None else None,
        signals=frozenset(said.get((opening.user, opening.message), ())) if opening.message else frozenset(),
    )
