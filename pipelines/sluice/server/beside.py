"""Adds to an answer's usage what the ledger knows of its person: the month, the budget, what was saved."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from sluice.chat import Call
from sluice.engine import Engine
from sluice.figures import purse
from sluice.gateway import Event
from sluice.gateway.costing import spender_of
from sluice.gateway.events import End
from sluice.identity import Caller

log = logging.getLogger("sluice.server")


class Beside:
    """Looks into the ledger once, when an answer has come to its end."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    async def answer(self, call: Call, caller: Caller) -> AsyncGenerator[Event, None]:
        """The gateway's events; the usage at their end has `month`, `budget` and `saved` for people in Open WebUI."""
        async with aclosing(self._engine().gateway.answer(call, caller)) as events:
            async for event in events:
                if isinstance(event, End) and caller.in_ui and caller.is_known:
                    yield End(await self._of(caller, event.usage))
                else:
                    yield event

    async def _of(self, caller: Caller, usage: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await asyncio.to_thread(self._with_figures, caller, usage)
        except (SQLAlchemyError, OSError) as error:  # an answer is not lost over its figures
            log.error("What was spent cannot be read (%s)", type(error).__name__)
            return usage

    def _with_figures(self, caller: Caller, usage: Mapping[str, Any]) -> Mapping[str, Any]:
        engine, spender = self._engine(), spender_of(caller)
        config, book = engine.live.current, engine.records.book
        # The call is closed before its end is told, and so is the round of tools before; both may wait to be written.
        book.flush()
        with book.database.reading() as connection:
            found = purse.purse(connection, config, spender, book.today(config.ledger.zone))
            saved = purse.saved_by(connection, caller.message, spender)
            tasks = purse.tasks_of(connection, caller.chat, spender) if caller.chat else {}
        return {**usage, **tasks, **found, **({"saved": saved} if "saved" in usage else {})}
