"""The tables of the ledger. What a booking says is written once as it opens and once as it closes.

Only three things change: who it was, when a person is erased; the daily totals, which grow in the transaction that
closes a booking; and the list of what is open.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

metadata = MetaData()
# SQLite finds rows by an INTEGER key directly; any other type costs an index of its own.
Id = BigInteger().with_variant(Integer, "sqlite")

bookings = Table(
    "bookings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # grows with time
    Column("at", BigInteger, nullable=False),  # milliseconds since 1970, UTC
    Column("day", String(10), nullable=False),  # in the ledger's time zone
    Column("user", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("groups", Text, nullable=False),  # JSON list, sorted
    Column("role", Text, nullable=False),
    Column("preset", Text, nullable=False),
    Column("task", Boolean, nullable=False),
    Column("task_kind", Text, nullable=False),
    Column("complexity", Float),
    Column("attempt", SmallInteger, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON list
    Column("classes", Text, nullable=False),  # JSON object of counts
    Column("expected_prompt", BigInteger, nullable=False),
    Column("expected_completion", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),  # this and all money: picodollars
    Column("price_source", Text),
    Column("price_since", String(10)),
    Column("price_input", BigInteger),  # for a million tokens
    Column("price_output", BigInteger),
    Column("price_cached", BigInteger),
    Column("baseline", Text, nullable=False),
    Index("bookings_chat", "chat", "user", "id"),
    Index("bookings_message", "message", "user", "id"),
    Index("bookings_user", "user", "id"),
)

settlements = Table(
    "settlements",
    metadata,
    Column("booking", Id, ForeignKey("bookings.id"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("measured", Text, nullable=False),
    Column("prompt", BigInteger, nullable=False),
    Column("completion", BigInteger, nullable=False),
    Column("cached", BigInteger, nullable=False),
    Column("cache_write", BigInteger, nullable=False),
    Column("reasoning", BigInteger, nullable=False),
    Column("image", BigInteger, nullable=False),
    Column("audio", BigInteger, nullable=False),
    Column("cost", BigInteger),
    Column("budgeted", BigInteger, nullable=False),
    Column("baseline_cost", BigInteger),
    Column("saving", BigInteger),
    Column("first_token_ms", BigInteger),
    Column("total_ms", BigInteger),
)

# Bookings that are open, and which gateway's they are: few, so that budgets can add up what is held.
open_bookings = Table(
    "open_bookings",
    metadata,
    Column("booking", Id, ForeignKey("bookings.id"), primary_key=True, autoincrement=False),
    Column("gateway", String(32), nullable=False),
)

gateways = Table(
    "gateways",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("alive_until", BigInteger, nullable=False),  # milliseconds since 1970, UTC; then its bookings are settled
)

# The user of the rows that hold everybody's sums; Open WebUI's ids are UUIDs.
EVERYBODY = "*"
MEASURES = (
    *("calls", "finished", "failed", "cancelled", "cut", "estimated", "unpriced"),
    *("prompt_tokens", "cached_tokens", "cache_write_tokens", "completion_tokens", "reasoning_tokens"),
    *("cost", "budgeted", "baseline", "saving", "task_cost", "task_saving", "findings"),
)
MONEY = frozenset({"cost", "budgeted", "baseline", "saving", "task_cost", "task_saving"})

daily = Table(
    "daily",
    metadata,
    Column("dimension", String(12), primary_key=True),
    Column("user", String(128), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("value", String(128), primary_key=True),
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in MEASURES),
    sqlite_with_rowid=False,
)

# How many calls took how long: bucket n holds those of 2^(n/4) milliseconds.
daily_latency = Table(
    "daily_latency",
    metadata,
    Column("measure", String(12), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("model", String(128), primary_key=True),
    Column("bucket", Integer, primary_key=True),
    Column("calls", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Which warnings were given, and to whom, so that each is given once.
warnings = Table(
    "warnings",
    metadata,
    Column("scope", String(8), primary_key=True),
    Column("subject", String(128), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("start", String(10), primary_key=True),
    Column("limit", String(24), primary_key=True),  # US dollars, as digits
    Column("user", String(128), primary_key=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("user", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("signal", Text, nullable=False),
    Column("task_kind", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("complexity", Float),
    Index("feedback_at", "at"),
)
