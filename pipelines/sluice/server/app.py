"""The gateway as an ASGI application: our routes, the stock server behind them, one door before both."""

import asyncio
import importlib.util
import logging
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from sluice import chat, models
from sluice.config import load
from sluice.config.schema import Server
from sluice.engine import Engine, running
from sluice.errors import RequestError, SluiceError, StartError
from sluice.gateway import PREFIX, Plan
from sluice.identity import Caller, identify
from sluice.server import completions, stock
from sluice.server.asking import Asking
from sluice.server.beside import Beside
from sluice.server.callers import Callers
from sluice.server.console import Console
from sluice.server.door import ASGI, Door, error_body
from sluice.server.guarding import Guarding
from sluice.server.metrics import Metrics
from sluice.server.opinions import Opinions
from sluice.server.settings import Settings
from sluice.server.traces import Traces
from sluice.server.usage import Usage
from sluice.switches import Switches

log = logging.getLogger("sluice.server")


class App:
    """Holds what the routes share; `asgi` is the application."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = environ
        self._engine: Engine | None = None
        self._metrics = Metrics(lambda: self.engine)
        self._traces = Traces(environ, lambda: self.engine.live.current)
        self._answers = self._traces.around(Beside(lambda: self.engine).answer)
        self._limits = Server()
        folder = settings.data / "pipelines"
        stock.prepare(folder)
        self._stock = stock.load(folder, settings.key)
        self._folder = folder
        self.asgi = Door(self._routes(), settings.key, self._current_limits)

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("The application is used before its start-up is complete.")
        return self._engine

    def _current_limits(self) -> Server:
        return self._engine.live.current.server if self._engine else self._limits

    def _routes(self) -> Starlette:
        callers = Callers(self._settings.identity_secret)
        guarding = Guarding(lambda: self.engine, self._switches, self._settings.identity_secret)
        routes = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            *(Route(f"{prefix}/models", self._models) for prefix in ("", "/v1")),
            *(Route(f"{p}/chat/completions", _Raw(self._completions), methods=["POST"]) for p in ("", "/v1")),
            *(Route(f"{p}/{{model}}/filter/{{hook}}", _Raw(self._filter), methods=["POST"]) for p in ("", "/v1")),
            *guarding.routes(),
            *Asking(lambda: self.engine, guarding, callers).routes(),
            *Opinions(lambda: self.engine, callers).routes(),
            *Usage(lambda: self.engine, self._settings.identity_secret).routes(),
            *Console().routes(),
            *self._metrics.routes(),
            Route("/sluice/v1/route", self._route, methods=["POST"]),
            Mount("/", app=self._stock.app),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan, exception_handlers={SluiceError: _on_error})

    @asynccontextmanager
    async def _lifespan(self, _: Any) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            engine = await stack.enter_async_context(
                running(self._settings.config, self._settings.data, self._environ, self._switches)
            )
            self._engine = engine
            engine.records.book.observers.extend((self._metrics.closed, self._traces.closed))
            stack.push_async_callback(asyncio.to_thread, self._traces.close)
            stock.mend_valves(self._folder, _valves_model(self._folder))
            await stack.enter_async_context(self._stock.app.router.lifespan_context(self._stock.app))
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGHUP, engine.live.reload)
            stack.callback(loop.remove_signal_handler, signal.SIGHUP)
            yield

    def _switches(self) -> Switches:
        return stock.switches(self._stock)

    async def _healthz(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _readyz(self, _: Request) -> Response:
        missing = self._missing()
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    def _missing(self) -> list[str]:
        engine = self.engine
        missing = [f"configuration: {problem}" for problem in engine.live.problems]
        if not engine.guard.ready:
            missing.append(f"guard: {engine.guard.status()}")
        if stock.PIPELINE_ID not in self._stock.PIPELINE_MODULES:
            missing.append("valves: the pipeline file did not load")
        if not engine.fleet.is_settled:
            missing.append("models: they are being looked at")
        candidates = engine.fleet.candidates()
        if not any(not candidate.unavailable for candidate in candidates):
            missing += [f"model {c.title}: {c.unavailable}" for c in candidates]
        return missing

    async def _models(self, _: Request) -> Response:
        listing = models.listing(self.engine.live.current)
        return JSONResponse({**listing, "data": [*listing["data"], *self._foreign_models()]})

    async def _completions(self, scope: Any, receive: Any, send: Any) -> None:
        """The route that streams: raw ASGI, since it watches the caller's connection itself."""
        request = Request(scope, receive)
        raw = await request.body()
        try:
            call = await completions.read(raw)
        except SluiceError as error:
            await completions.send_error(send, error)
            return
        if not call.model.startswith(PREFIX) and call.model in self._stock.get_all_pipelines():
            await self._stock.app(scope, _replayed(raw, receive), send)
            return
        caller = identify(request.headers, self._settings.identity_secret)
        await completions.respond(self._answers, call, caller, receive, send)

    async def _filter(self, scope: Any, receive: Any, send: Any) -> None:
        """Open WebUI asks before and after each chat on a lane itself; there is nothing to do, and 404 breaks it."""
        raw = await Request(scope, receive).body()
        model = scope["path_params"]["model"]
        if not model.startswith(PREFIX):
            await self._stock.app(scope, _replayed(raw, receive), send)
            return
        try:
            data = await completions.decode(raw)
        except SluiceError as error:
            await completions.send_error(send, error)
            return
        body = data.get("body") if isinstance(data, dict) else None
        await JSONResponse(body if isinstance(body, dict) else {})(scope, receive, send)

    def _foreign_models(self) -> list[dict[str, Any]]:
        """Pipelines that others put beside ours, as the stock server lists them."""
        known = self._stock.get_all_pipelines().values()
        return [
            {"id": p["id"], "name": p["name"], "object": "model", "created": 0, "owned_by": "pipelines",
             "pipeline": {"type": p["type"], "valves": p["valves"] is not None}}
            for p in known
            if p["module" if p["type"] == "manifold" else "id"] != stock.PIPELINE_ID
        ]  # fmt: skip

    async def _route(self, request: Request) -> Response:
        """The decision for a call, without calling a model.

        `?live=1` uses the models' present state, `?explain=1` adds what decided and why others were passed over.
        """
        data = await completions.decode(await request.body())
        live = request.query_params.get("live", "") not in ("", "0", "false")
        caller = identify(request.headers, self._settings.identity_secret)
        plan = await dry_run(self.engine, data, caller, live=live)
        explains = request.query_params.get("explain", "") not in ("", "0", "false")
        more = {"explanation": explanation_body(plan)} if explains else {}
        return JSONResponse({**decision_body(plan), **more})


class _Raw:
    """Hands a route's ASGI call on as it is: only an object, not a function, is taken for an application."""

    def __init__(self, handler: ASGI) -> None:
        self._handler = handler

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._handler(scope, receive, send)


async def dry_run(engine: Engine, data: Any, caller: Caller, *, live: bool) -> Plan:
    """Plan a call given as {"messages": …, "lane": …}.

    Without `live` every model counts as up, and the caller as known.
    """
    if not isinstance(data, dict):
        raise RequestError('Send {"messages": […], "lane": "auto"}.')
    lane = str(data.get("lane") or "").removeprefix(PREFIX)
    model = f"{PREFIX}{lane}" if lane else str(data.get("model") or f"{PREFIX}auto")
    call = chat.read_call({**data, "model": model})
    if live:
        await engine.fleet.settled()
        return await engine.gateway.plan(call, caller)
    known = caller if caller.is_known else replace(caller, user="dry run")
    return await engine.gateway.plan(call, known, engine.fleet.assumed_candidates())


def decision_body(plan: Plan) -> dict[str, Any]:
    """A decision as the HTTP API and the CLI print it."""
    decision = asdict(plan.decision)
    names = ("location", "model", "complexity", "reasons", "transform", "chain")
    return {name: decision[name] for name in names}


def explanation_body(plan: Plan) -> dict[str, Any]:
    """What decided, and what became of each model; what `route --explain` says in words."""
    decision = asdict(plan.decision)
    names = ("rung", "decided_by", "rule", "threshold", "change", "weighed")
    signals = {"task_kind": plan.signals.task_kind, "state": plan.signals.state, "languages": plan.signals.languages}
    return {**{name: decision[name] for name in names}, "signals": signals}


def serve(settings: Settings, environ: Mapping[str, str]) -> None:
    """Run until told to stop; running answers may end first, within the configured time."""
    app = App(settings, environ)
    grace = load(settings.config, environ).server.shutdown_seconds
    config = uvicorn.Config(
        app.asgi,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=round(grace),
        lifespan="on",
    )
    uvicorn.Server(config).run()


def _valves_model(folder: Path) -> type[BaseModel]:
    """The valves of the file as it will be loaded, read the way the stock server does it."""
    spec = importlib.util.spec_from_file_location("sluice_gateway_valves", folder / stock.PIPELINE_FILE.name)
    if spec is None or spec.loader is None:
        raise StartError(f"{folder} cannot be read. Check its permissions.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    valves: type[BaseModel] = module.Pipeline.Valves
    return valves


def _replayed(raw: bytes, receive: Any) -> Callable[[], Any]:
    """A `receive` that gives a body which was read already, then goes on with the connection."""
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": raw, "more_body": False}

    return replay


async def _on_error(_: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, SluiceError) else 500
    code = error.code if isinstance(error, SluiceError) else "internal"
    return JSONResponse(error_body(str(error), code), status_code=status)
