"""Open the ledger's database, SQLite or PostgreSQL, and bring it to the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

# What is waited for another writer, such as the one who rewrites the file after an erasure.
BUSY_SECONDS = 2.0
# PostgreSQL's advisory lock of everybody who writes sums. Any number does that nobody else uses.
LOCK = 7_305_824_461


class Database:
    """A pool of connections. Reading never waits for writing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(sluice_begin="BEGIN IMMEDIATE")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot for everything that is read within."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone: writers come one after the other, whichever process they are in."""
        with self._writing.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def connect(where: Path | str, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """A database by the path of its file or by its URL; nothing is opened yet."""
    if isinstance(where, Path):
        where.parent.mkdir(parents=True, exist_ok=True)
        return _sqlite(f"sqlite:///{where}", busy_seconds)
    url = make_url(where)
    if url.get_backend_name() == "sqlite":
        return _sqlite(where, busy_seconds)
    # What a lock may take is bounded on the server's side, as SQLite's timeout does.
    options = f"-c lock_timeout={int(busy_seconds * 1000)}"
    arguments = {"connect_timeout": max(2, int(busy_seconds)), "options": options}
    driver = url.set(drivername="postgresql+psycopg")
    return Database(create_engine(driver, pool_size=3, max_overflow=5, pool_pre_ping=True, connect_args=arguments))


def migrate(database: Database) -> None:
    """Bring the schema to the newest version; the first version's ledger is taken over whole."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _sqlite(url: str, busy_seconds: float) -> Database:
    engine = create_engine(url, connect_args={"timeout": busy_seconds, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # else the driver begins and commits when it thinks fit
        connection.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing with it; a machine without power may lose the last moments, and no more.
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sluice_begin", "BEGIN"))

    return Database(engine)
