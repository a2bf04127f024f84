"""What budgets leave: limits over what was spent and over what calls that are open may still cost."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from sqlalchemy import Connection, func, select

from sluice.config.accounting import Budget, Currency
from sluice.errors import BudgetUsedUp
from sluice.ledger.money import pico, usd
from sluice.ledger.periods import renewal_of, start_of
from sluice.ledger.tables import EVERYBODY, bookings, daily, open_bookings, warnings
from sluice.ledger.values import Opening
from sluice.ledger.wording import US_DOLLARS, amount


@dataclass(frozen=True, slots=True)
class Spender:
    """Whose budgets a call draws on. `model` is None before one is chosen."""

    user: str
    groups: tuple[str, ...] = ()
    role: str = ""
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The budgets in force. Where `enforced` is False, none refuses."""

    budgets: Sequence[Budget] = ()
    zone: tzinfo = UTC
    enforced: bool = True
    currency: Currency = US_DOLLARS


@dataclass(frozen=True, slots=True)
class Standing:
    """How one budget stands. Money in picodollars."""

    budget: Budget
    subject: str  # id of the user or group, the model's name, or nothing for the team
    start: date
    renews: date
    spent: int
    held: int  # by calls that are open

    @property
    def limit(self) -> int:
        return pico(self.budget.limit_usd)

    @property
    def left(self) -> int:
        return max(0, self.limit - self.spent - self.held)

    @property
    def is_used_up(self) -> bool:
        return self.spent + self.held >= self.limit

    @property
    def is_nearly_used_up(self) -> bool:
        return self.spent + self.held >= self.limit * self.budget.warn_at

    def has_room_for(self, estimate: int) -> bool:
        return self.spent + self.held + estimate <= self.limit

    def sentence(self, currency: Currency = US_DOLLARS) -> str:
        """Such as: your budget for this month is used up ($6.00 of $5.00)."""
        state = "is used up" if self.is_used_up else "is nearly used up"
        return f"{self.whose} budget for this {self.budget.period} {state} ({self._particulars(currency)})"

    def no_room(self, currency: Currency = US_DOLLARS) -> str:
        """Why a call that costs more than what is left is not made."""
        if self.is_used_up:
            return self.sentence(currency)
        return f"{self.whose} budget for this {self.budget.period} has no room for it ({self._particulars(currency)})"

    @property
    def whose(self) -> str:
        return {"user": "your", "group": "your group's", "team": "the team's"}.get(
            self.budget.scope, f"{self.subject}'s"
        )

    def _particulars(self, currency: Currency) -> str:
        """Amounts only where they are the reader's own: what a group, a model or the team spends is others' as well."""
        if self.budget.scope != "user":
            return f"renewed on {self.renews.isoformat()}"
        open_calls = f", {amount(usd(self.held), currency)} held by open calls" if self.held else ""
        return f"{amount(usd(self.spent), currency)} of {amount(self.budget.limit_usd, currency)}{open_calls}"


def applying(budgets: Sequence[Budget], spender: Spender) -> Iterator[tuple[Budget, str]]:
    """Each budget that a call draws on, with whose it is."""
    for budget in budgets:
        if budget.except_admins and spender.role == "admin":
            continue
        for subject in _subjects(budget, spender):
            if budget.name is None or budget.name == subject:
                yield budget, subject


def standings(
    connection: Connection, budgets: Sequence[Budget], spender: Spender, today: date, *, without: int | None = None
) -> list[Standing]:
    """How each budget stands that a call draws on; `without` is a booking that is not counted as held."""
    found = list(applying(budgets, spender))
    held = _held(connection, without) if found else []
    return [_standing(connection, budget, subject, today, held) for budget, subject in found]


def admit(connection: Connection, opening: Opening, limits: Limits, today: date) -> tuple[Standing, ...]:
    """Return the budgets that the person is to be told of for the first time.

    Raises BudgetUsedUp where a hard one has no room for what the call may cost. Local calls draw on none.
    """
    if not limits.budgets or opening.location == "local":
        return ()
    spender = Spender(opening.user, opening.groups, opening.role, opening.model)
    found = standings(connection, limits.budgets, spender, today)
    for one in found:
        if limits.enforced and one.budget.hard and not one.has_room_for(opening.held):
            raise BudgetUsedUp(one.no_room(limits.currency), one.renews)
    if opening.task or not opening.message:  # nobody reads what is said of it
        return ()
    return tuple(one for one in found if one.is_nearly_used_up and warn_once(connection, one, opening.user))


def warn_once(connection: Connection, standing: Standing, user: str) -> bool:
    """Whether this person was not told yet of this limit in its period, and note that they are."""
    key = {
        "scope": standing.budget.scope,
        "subject": standing.subject,
        "period": standing.budget.period,
        "start": standing.start.isoformat(),
        "limit": f"{standing.budget.limit_usd.normalize():f}",
        "user": user,
    }
    told = select(warnings.c.start).where(*(warnings.c[name] == value for name, value in key.items()))
    if connection.execute(told).first():
        return False
    connection.execute(warnings.insert(), key)
    return True


@dataclass(frozen=True, slots=True)
class _Hold:
    spender: Spender
    day: str
    amount: int


def _subjects(budget: Budget, spender: Spender) -> tuple[str, ...]:
    match budget.scope:
        case "user":
            return (spender.user,)
        case "group":
            return spender.groups
        case "model":
            return () if spender.model is None else (spender.model,)
        case "team":
            return ("",)


def _standing(connection: Connection, budget: Budget, subject: str, today: date, holds: Sequence[_Hold]) -> Standing:
    start = start_of(budget.period, today)
    named = Budget(scope=budget.scope, period=budget.period, limit_usd=budget.limit_usd)
    held = sum(
        hold.amount for hold in holds if hold.day >= start.isoformat() and subject in _subjects(named, hold.spender)
    )
    spent = _spent(connection, budget, subject, start)
    return Standing(budget, subject, start, renewal_of(budget.period, today), spent, held)


def _spent(connection: Connection, budget: Budget, subject: str, start: date) -> int:
    by = {
        "user": ("all", subject, ""),
        "team": ("all", EVERYBODY, ""),
        "group": ("group", EVERYBODY, subject),
        "model": ("model", EVERYBODY, subject),
    }
    dimension, user, value = by[budget.scope]
    where = (
        daily.c.dimension == dimension,
        daily.c.user == user,
        daily.c.day >= start.isoformat(),
        daily.c.value == value,
    )
    return int(connection.scalar(select(func.coalesce(func.sum(daily.c.budgeted), 0)).where(*where)) or 0)


def _held(connection: Connection, without: int | None) -> list[_Hold]:
    """What calls hold that are open, in every process."""
    columns = (bookings.c.user, bookings.c.groups, bookings.c.model, bookings.c.day, bookings.c.held)
    # From the few that are open to their bookings, never the other way round, whatever a planner thinks of it.
    query = select(*columns).where(bookings.c.id.in_(select(open_bookings.c.booking)), bookings.c.held > 0)
    if without is not None:
        query = query.where(bookings.c.id != without)
    return [
        _Hold(Spender(row.user, tuple(json.loads(row.groups)), model=row.model), row.day, row.held)
        for row in connection.execute(query)
    ]
