"""Put the stages together for one process, and take them down again."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from sluice.audit import Audit
from sluice.config import Config, LiveConfig
from sluice.config.accounting import Ledger
from sluice.config.schema import Organisation
from sluice.errors import NotRecorded, UnknownPrice
from sluice.gateway import Exit, Gateway, Records
from sluice.guard import Dictionary, Finding, Guard, Memory, default_detector, policy_of
from sluice.ledger import Book, day_of
from sluice.ledger.prices import unpriced
from sluice.masking import Vault
from sluice.media import Images
from sluice.routing.calibration_file import LiveCalibration
from sluice.switches import Switches
from sluice.upstream import Fleet, quiet_litellm

log = logging.getLogger("sluice.engine")
DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts of a running gateway."""

    live: LiveConfig
    fleet: Fleet
    guards: "LiveGuard"
    records: Records
    vault: Vault
    gateway: Gateway

    @property
    def guard(self) -> Guard:
        return self.guards.current


class LiveGuard:
    """The guard of the policy in force. A changed policy gets a new guard; the old one ends its calls first."""

    def __init__(self, config: Config, is_wrong: Callable[[str, Finding], bool]) -> None:
        self._privacy = config.privacy
        self._is_wrong = is_wrong
        self._replacing: set[asyncio.Task[None]] = set()
        self.current = guard_of(config, is_wrong)

    async def start(self) -> None:
        await self.current.start()

    def follow(self, config: Config) -> None:
        """Take a new configuration; nothing happens where its policy is the same."""
        if config.privacy == self._privacy:
            return
        self._privacy = config.privacy
        old, self.current = self.current, guard_of(config, self._is_wrong)
        task = asyncio.create_task(self._replace(old, config.privacy.time_limit_seconds))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def close(self) -> None:
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await self.current.close()

    async def _replace(self, old: Guard, seconds: float) -> None:
        try:
            await self.current.start()
            await asyncio.sleep(seconds)
        finally:
            await old.close()


def guard_of(config: Config, is_wrong: Callable[[str, Finding], bool] = lambda text, finding: False) -> Guard:
    """A guard by the configuration's policy; what it does not say is decided with care."""
    privacy = config.privacy
    return Guard(
        partial(policy_of, privacy),
        allow=privacy.allow,
        is_wrong=is_wrong,
        time_limit=privacy.time_limit_seconds,
        max_chars=privacy.max_characters,
        workers=privacy.workers,
        detector=partial(default_detector, dictionary_of(privacy.organisation)),
    )


def dictionary_of(organisation: Organisation) -> Dictionary:
    """What the configuration tells of the organisation, in the guard's values."""
    return Dictionary(
        people=organisation.people,
        terms=organisation.terms,
        products=organisation.products,
        domains=organisation.domains,
        packages=organisation.packages,
        patterns=tuple((own.type, own.klass, own.regex) for own in organisation.patterns),
        fingerprints=organisation.fingerprints,
    )


@asynccontextmanager
async def running(
    path: Path,
    data: Path,
    environ: Mapping[str, str],
    switches: Callable[[], Switches],
    *,
    ledger: Path | None = None,
) -> AsyncIterator[Engine]:
    """Start every part, and stop them in reverse order. `ledger` is used in place of the configured one."""
    live = LiveConfig(path, environ)
    async with AsyncExitStack() as stack:
        book = Book(ledger or live.current.ledger.url or data / "ledger.sqlite3")
        book.start()
        records = Records(book, Memory(data / "guard.sqlite3"), Audit(data / "audit.sqlite3"))
        for part in (records.book, records.memory, records.audit):
            stack.push_async_callback(asyncio.to_thread, part.close)
        stack.push_async_callback(quiet_litellm.close)
        fleet = Fleet(live.current)
        guards = LiveGuard(live.current, records.memory.is_wrong)
        await guards.start()
        stack.push_async_callback(guards.close)
        live.on_change(fleet.configure)
        live.on_change(guards.follow)
        vault = Vault(data, days=live.current.privacy.mask_days)
        stack.push_async_callback(asyncio.to_thread, vault.close)
        calibration = LiveCalibration(data)
        live.on_change(_tell_unpriced)
        forgetting = forget_in_time(records, vault, live)
        works = (live.watch(), calibration.watch(), _watch(fleet, live), forgetting)
        stack.push_async_callback(_cancel, [asyncio.create_task(work) for work in works])
        images = Images()
        stack.push_async_callback(images.close)
        exit = Exit(lambda: guards.current, vault, lambda: live.current.privacy, images)
        gateway = Gateway(live, fleet, lambda: guards.current, exit, records, switches, lambda: calibration.current)
        yield Engine(live, fleet, guards, records, vault, gateway)


async def _watch(fleet: Fleet, live: LiveConfig) -> None:
    """Import LiteLLM before the first call needs it, and only then look at the servers.

    The import takes seconds in which answers are read so late that a server would seem not to answer.
    """
    await asyncio.to_thread(quiet_litellm.litellm)
    _tell_unpriced(live.current)
    await fleet.watch()


def _tell_unpriced(config: Config) -> None:
    for name in unpriced(config, day_of(datetime.now(UTC), config.ledger.zone)):
        log.error("%s", UnknownPrice(name))


async def forget_in_time(records: Records, vault: Vault, live: LiveConfig, *, every: float = DAY) -> None:
    """Drop what is past its time, and tell the log where the audit log's chain stands; again after so many seconds."""
    audit = records.audit
    while True:
        await _drop_bookings(records.book, live.current.ledger)
        try:
            await asyncio.to_thread(vault.expire, datetime.now(UTC))
            if days := live.current.privacy.audit_days:
                log.info("%d audit entries were dropped", await asyncio.to_thread(audit.expire, days))
            head = await asyncio.to_thread(audit.head)
            log.info("The audit log's last entry is %d, its hash %s", head.number, head.hash.hex())
        except (NotRecorded, sqlite3.Error) as error:
            log.error("What is past its time was not dropped (%s)", error)
        await asyncio.sleep(every)


async def _drop_bookings(book: Book, ledger: Ledger) -> None:
    if ledger.keep_days is None:
        return
    try:
        log.info("%d bookings were dropped", await asyncio.to_thread(book.expire, ledger.keep_days, ledger.zone))
    except SQLAlchemyError as error:
        log.error("Old bookings were not dropped (%s)", type(error).__name__)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
