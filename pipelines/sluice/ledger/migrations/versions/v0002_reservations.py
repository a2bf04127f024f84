"""Bookings open and close, with daily totals; what the first version booked is taken over with its sums."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CHAT_KINDS = ("chat", "tool round", "api")  # anything else that the first version booked is a task's name
PICO_IN_NANO = 1000
MEASURES = (
    *("calls", "finished", "failed", "cancelled", "cut", "estimated", "unpriced"),
    *("prompt_tokens", "cached_tokens", "cache_write_tokens", "completion_tokens", "reasoning_tokens"),
    *("cost", "budgeted", "baseline", "saving", "task_cost", "task_saving", "findings"),
)
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Key = tuple[str, str, str, str]  # dimension, user, day, value


def upgrade() -> None:
    op.rename_table("bookings", "first_bookings")
    for index in sa.inspect(op.get_bind()).get_indexes("first_bookings"):
        op.drop_index(str(index["name"]), "first_bookings")
    bookings, settlements = _books()
    daily = _sums()
    _take_over(bookings, settlements, daily)
    op.drop_table("first_bookings")
    op.create_index("bookings_chat", "bookings", ["chat", "id"])
    op.create_index("bookings_message", "bookings", ["message"])
    op.create_index("bookings_user", "bookings", ["user", "id"])


def _books() -> tuple[sa.Table, sa.Table]:
    bookings = op.create_table(
        "bookings",
        sa.Column("id", Id, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        *_texts("user", "chat", "message", "kind", "lane", "model", "location", "asked", "groups", "role", "preset"),
        sa.Column("task", sa.Boolean, nullable=False),
        *_texts("task_kind"),
        sa.Column("complexity", sa.Float),
        sa.Column("attempt", sa.SmallInteger, nullable=False),
        *_texts("reasons", "classes"),
        *_numbers("expected_prompt", "expected_completion", "held"),
        sa.Column("price_source", sa.Text),
        sa.Column("price_since", sa.String(10)),
        *_numbers("price_input", "price_output", "price_cached", nullable=True),
        *_texts("baseline"),
    )
    settlements = op.create_table(
        "settlements",
        _booking(),
        *_numbers("at"),
        *_texts("outcome", "measured"),
        *_numbers("prompt", "completion", "cached", "cache_write", "reasoning", "image", "audio"),
        *_numbers("cost", nullable=True),
        *_numbers("budgeted"),
        *_numbers("baseline_cost", "saving", "first_token_ms", "total_ms", nullable=True),
    )
    op.create_table("open_bookings", _booking(), sa.Column("gateway", sa.String(32), nullable=False))
    op.create_table("gateways", sa.Column("id", sa.String(32), primary_key=True), *_numbers("alive_until"))
    op.create_table(
        "feedback",
        sa.Column("id", Id, primary_key=True, autoincrement=False),
        *_numbers("at"),
        *_texts("user", "chat", "message", "signal", "task_kind", "lane", "model", "location"),
        sa.Column("complexity", sa.Float),
    )
    op.create_index("feedback_at", "feedback", ["at"])
    return bookings, settlements


def _sums() -> sa.Table:
    daily = op.create_table(
        "daily",
        *_keys(dimension=12, user=128, day=10, value=128),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in MEASURES),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "daily_latency",
        *_keys(measure=12, day=10, model=128),
        sa.Column("bucket", sa.Integer, primary_key=True),
        *_numbers("calls"),
        sqlite_with_rowid=False,
    )
    op.create_table("warnings", *_keys(scope=8, subject=128, period=8, start=10))
    return daily


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger, nullable=nullable) for name in names]


def _keys(**lengths: int) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(length), primary_key=True) for name, length in lengths.items()]


def _booking() -> sa.Column[Any]:
    return sa.Column("booking", Id, sa.ForeignKey("bookings.id"), primary_key=True, autoincrement=False)


def _take_over(bookings: sa.Table, settlements: sa.Table, daily: sa.Table) -> None:
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    connection = op.get_bind()
    old = connection.execute(sa.text("SELECT * FROM first_bookings ORDER BY id")).mappings()
    for rows in old.partitions(1000):
        connection.execute(bookings.insert(), [_opened(row) for row in rows])
        connection.execute(settlements.insert(), [_closed(row) for row in rows])
        for row in rows:
            _add(sums, row)
    if sums:
        names = ("dimension", "user", "day", "value")
        filled = [{**dict(zip(names, key, strict=True)), **dict.fromkeys(MEASURES, 0), **sums[key]} for key in sums]
        connection.execute(daily.insert(), filled)


def _opened(row: Any) -> dict[str, Any]:
    same = {name: row[name] for name in ("id", "user", "chat", "message", "kind", "lane", "model", "location")}
    return {
        **same,
        "at": _milliseconds(row),
        "day": row["at"][:10],  # the first version counted days in UTC
        **{"asked": "", "groups": "[]", "role": "", "preset": "", "task_kind": "", "baseline": ""},
        "task": row["kind"] not in CHAT_KINDS,
        "attempt": 1,
        **{"reasons": "[]", "classes": "{}"},
        "expected_prompt": row["prompt_tokens"],
        "expected_completion": row["completion_tokens"],
        "held": 0,
    }


def _closed(row: Any) -> dict[str, Any]:
    return {
        "booking": row["id"],
        "at": _milliseconds(row),
        "outcome": row["outcome"],
        "measured": "reported" if row["reported"] else "estimated",
        "prompt": row["prompt_tokens"],
        "completion": row["completion_tokens"],
        **dict.fromkeys(("cached", "cache_write", "reasoning", "image", "audio"), 0),
        "cost": _pico(row),
        "budgeted": _pico(row) or 0,
    }


def _add(sums: dict[Key, Counter[str]], row: Any) -> None:
    measures = Counter(
        calls=1,
        estimated=int(not row["reported"]),
        unpriced=int(row["nano_usd"] is None),
        prompt_tokens=row["prompt_tokens"],
        completion_tokens=row["completion_tokens"],
        cost=_pico(row) or 0,
        budgeted=_pico(row) or 0,
        task_cost=(_pico(row) or 0) if row["kind"] not in CHAT_KINDS else 0,
    )
    measures[row["outcome"]] += 1
    values = {"all": "", **{name: row[name] for name in ("model", "location", "kind", "lane", "outcome")}}
    for user in ("*", row["user"]):
        for dimension, value in values.items():
            sums[dimension, user, row["at"][:10], value[:128]].update(measures)


def _milliseconds(row: Any) -> int:
    return round(datetime.fromisoformat(row["at"]).timestamp() * 1000)


def _pico(row: Any) -> int | None:
    return None if row["nano_usd"] is None else row["nano_usd"] * PICO_IN_NANO
