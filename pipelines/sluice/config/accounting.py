"""The part of sluice.yaml about money: the ledger, prices, budgets, energy and savings."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from sluice.config.section import Emptied, EmptiedList, Section


class Budget(Section):
    """A limit on what the cloud may cost in a calendar period of the ledger's time zone."""

    scope: Literal["user", "group", "model", "team"]
    period: Literal["day", "week", "month"]
    limit_usd: Decimal = Field(ge=0, max_digits=15, decimal_places=6)
    name: str | None = Field(
        default=None,
        max_length=128,
        description="One user, group or model, by its id or model_name; without it, the limit is that of each",
    )
    hard: bool = Field(default=True, description="Over it calls go local; a soft one only warns")
    warn_at: float = Field(default=0.8, gt=0, le=1, description="Share from which the person is told, once")
    except_admins: bool = False

    @model_validator(mode="after")
    def _names_no_part_of_the_team(self) -> "Budget":
        if self.scope == "team" and self.name:
            raise ValueError("a team's budget has no `name`; leave it out, or use `scope: group`")
        return self


class Price(Section):
    """An override of LiteLLM's price for a model, in USD per million tokens."""

    input_per_million: Decimal = Field(ge=0)
    output_per_million: Decimal = Field(ge=0)
    cached_per_million: Decimal | None = Field(default=None, ge=0, description="Cached prompt; else as the rest of it")
    cache_write_per_million: Decimal | None = Field(default=None, ge=0)
    since: date | None = Field(default=None, description="Before this day the built-in price holds")


class UnknownPrice(Section):
    """What budgets count for a model whose price is not known, in USD per million tokens: high, to be careful."""

    input_per_million: Decimal = Field(default=Decimal(30), ge=0)
    output_per_million: Decimal = Field(default=Decimal(180), ge=0)


class Currency(Section):
    """What amounts are shown in; they are kept in US dollars."""

    code: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    per_usd: Decimal = Field(default=Decimal(1), gt=0)


class Ledger(Section):
    """Where bookings are kept, for how long, and what a day is."""

    url: str | None = Field(default=None, repr=False, description="os.environ/NAME of a PostgreSQL; else a file")
    time_zone: str = Field(default="UTC", description="In which days, weeks and months begin, such as Europe/Berlin")
    keep_days: int | None = Field(default=None, ge=1, description="Bookings are kept so long, daily totals for ever")
    currency: Annotated[Currency, Emptied] = Currency()
    unknown_price: Annotated[UnknownPrice, Emptied] = UnknownPrice()

    @field_validator("time_zone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone `{name}`; write one such as UTC or Europe/Berlin") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Energy(Section):
    """What answering on this machine costs; nothing, unless both are given."""

    watts: Decimal = Field(default=Decimal(0), ge=0, description="What the machine draws more while it answers")
    usd_per_kwh: Decimal = Field(default=Decimal(0), ge=0)


class Hardware(Section):
    """Something that was bought so that calls can stay here."""

    price_usd: Decimal = Field(gt=0)
    bought: date


class Savings(Section):
    """What costs are compared with."""

    baseline: str | None = Field(
        default=None, max_length=128, description="A model_name or LiteLLM's name; else the first frontier model"
    )
    hardware: Annotated[tuple[Hardware, ...], EmptiedList] = ()


Prices = Annotated[dict[str, Price], Emptied]
Budgets = Annotated[tuple[Budget, ...], EmptiedList]
