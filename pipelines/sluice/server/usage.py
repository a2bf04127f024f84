"""What calls cost, over HTTP: everybody's figures for admins, and for each person their own."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sluice import figures
from sluice.engine import Engine
from sluice.errors import Refused, RequestError
from sluice.figures.spans import count_of
from sluice.gateway.costing import spender_of
from sluice.identity import Caller
from sluice.ledger import Book, Spender
from sluice.server.answered import Answered
from sluice.server.callers import Callers

T = TypeVar("T")
HEADERS = {"cache-control": "private, no-cache", "x-content-type-options": "nosniff"}


class Usage:
    """The routes about figures. Whose they are comes from the signed token alone."""

    def __init__(self, engine: Callable[[], Engine], identity_secret: str) -> None:
        self._engine = engine
        self._callers = Callers(identity_secret)
        self._answered = Answered(engine, self._callers)

    def routes(self) -> list[Route]:
        return [
            Route("/sluice/v1/usage", self._table),
            Route("/sluice/v1/usage/overview", self._overview),
            *self._answered.routes(),
        ]

    async def _table(self, request: Request) -> Response:
        """Sums `by` one thing, as JSON, or as CSV with `format=csv`."""
        caller, wanted = self._callers.known(request), dict(request.query_params)
        user = whose(caller, wanted)
        by = _by(wanted.get("by", "day"), caller)
        span = figures.span_of(wanted, self._today())
        found = await self._read(lambda connection: figures.table(connection, by, span, user))
        if wanted.get("format") == "csv":
            name = f"sluice-{by}.csv"
            headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
            return Response("".join(figures.csv_lines(found)), media_type="text/csv; charset=utf-8", headers=headers)
        rows = [{"key": row.key, **figures.fields(row)} for row in found.rows]
        return JSONResponse({"by": by, "scope": "all" if user is None else "own", "rows": rows}, headers=HEADERS)

    async def _overview(self, request: Request) -> Response:
        """All that the console's page shows; 304 while nothing changed."""
        caller, wanted = self._callers.known(request), dict(request.query_params)
        user, count = whose(caller, wanted), count_of(wanted.get("days", "30"))
        # Of another person their id is all that is known here: budgets of their groups and role stay out.
        spender = spender_of(caller) if user in (None, caller.user) else Spender(str(user))
        config, today = self._engine().live.current, self._today()
        found = await self._read(
            lambda connection: figures.overview(connection, config, spender, count, today, all=user is None)
        )
        found["may_see_all"] = caller.role == "admin"  # whoever's figures these are
        body = json.dumps(found, separators=(",", ":"), ensure_ascii=False).encode()
        mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {**HEADERS, "etag": mark}
        if request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    @property
    def _book(self) -> Book:
        return self._engine().records.book

    def _today(self) -> Any:
        return self._book.today(self._engine().live.current.ledger.zone)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(_reading, self._book, work)


def whose(caller: Caller, wanted: dict[str, str]) -> str | None:
    """Whose figures are meant: None for everybody's, which only an admin may see, as anybody's but their own."""
    is_admin = caller.role == "admin"
    scope, user = wanted.get("scope") or ("all" if is_admin else "own"), wanted.get("user") or ""
    if scope not in ("all", "own"):
        raise RequestError("`scope` is all or own.")
    if not is_admin and (scope == "all" or user not in ("", caller.user)):
        raise Refused("Only an admin may see the figures of others.")
    return user or (caller.user if scope == "own" else None)


def _by(name: str, caller: Caller) -> figures.By:
    by = next((one for one in figures.DIMENSIONS if one == name), None)
    if by is None:
        raise RequestError(f"`by` is one of {', '.join(figures.DIMENSIONS)}.")
    if by in figures.PERSONAL and caller.role != "admin":
        raise Refused("Only an admin may see the figures of others.")
    return by


def _reading(book: Book, work: Callable[[Connection], T]) -> T:
    with book.database.reading() as connection:
        return work(connection)
