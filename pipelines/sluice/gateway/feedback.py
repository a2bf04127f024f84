"""Write down what people make of answers, beside what the ledger knows of each; never a text."""

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from sluice.chat import State
from sluice.gateway.auditing import kind_of
from sluice.gateway.plan import Plan
from sluice.identity import Caller
from sluice.ledger import Book, Booking, Feedback, Signal, feedback, reading

log = logging.getLogger("sluice.gateway")

# What a question says of the answer before it.
SAID_BY: Mapping[State, Signal] = {"regenerated": "regenerated", "correction": "corrected"}
LOOKED_AT = 20  # bookings of a chat, the newest first: an answer has several where tools ran


class Opinions:
    """Notes signals by the booking of the answer that they are about. One for the process."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._noting: set[asyncio.Task[None]] = set()

    def heard(self, plan: Plan) -> None:
        """Take from a new question what it says of the answer before it; written off the hot path."""
        signal = SAID_BY.get(plan.signals.state)
        if signal and plan.caller.conversation and kind_of(plan.call, plan.caller) == "chat":
            task = asyncio.create_task(self._heard(plan.caller, signal))
            self._noting.add(task)
            task.add_done_callback(self._noting.discard)

    async def said(self, caller: Caller, signal: Signal) -> bool:
        """Note a signal about the message that the caller names; False where no answer of theirs is known by it."""
        return await asyncio.to_thread(self._note_message, caller, signal)

    async def settled(self) -> None:
        """Wait until what was heard is written."""
        await asyncio.gather(*self._noting)

    async def _heard(self, caller: Caller, signal: Signal) -> None:
        try:
            await asyncio.to_thread(self._note_previous, caller, signal)
        except (SQLAlchemyError, OSError) as error:  # the ledger fails open: only what is learned is lost
            log.error("A signal was not written down (%s)", type(error).__name__)

    def _note_previous(self, caller: Caller, signal: Signal) -> None:
        with self._book.database.reading() as connection:
            found = reading.of_chat(connection, caller.chat, caller.user, LOOKED_AT)
        before = [one for one in _answers(found) if one.opening.message != caller.message]
        if before:
            self._note(before[0], signal)

    def _note_message(self, caller: Caller, signal: Signal) -> bool:
        with self._book.database.reading() as connection:
            found = _answers(reading.of_message(connection, caller.message, caller.user))
        if found:
            self._note(found[0], signal)
        return bool(found)

    def _note(self, booking: Booking, signal: Signal) -> None:
        opening = booking.opening
        with self._book.database.reading() as connection:
            if feedback.is_noted(connection, opening.user, opening.message, signal):
                return
        self._book.note(
            Feedback(
                user=opening.user,
                chat=opening.chat,
                message=opening.message,
                signal=signal,
                task_kind=opening.task_kind,
                lane=opening.lane,
                model=opening.model,
                location=opening.location,
                complexity=opening.complexity,
            )
        )


def _answers(found: list[Booking]) -> list[Booking]:
    """Those of what people asked; a title or a second opinion is no answer."""
    return [one for one in found if one.opening.kind in ("chat", "tool round")]
