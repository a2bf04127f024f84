"""Optional traces: one span for each call and one for each attempt, with names and counts and never a text."""

import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode

from sluice import __version__
from sluice.chat import Call
from sluice.config import Config
from sluice.errors import SluiceError
from sluice.gateway import PREFIX, End, Event
from sluice.gateway.auditing import known_lane
from sluice.identity import Caller
from sluice.ledger import Closing, Opening, usd

Answers = Callable[[Call, Caller], AsyncGenerator[Event, None]]
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
MILLION = 1_000_000  # nanoseconds in a millisecond


class Traces:
    """Sends spans where OTEL_EXPORTER_OTLP_ENDPOINT says; without it nothing is made and nothing is sent."""

    def __init__(self, environ: Mapping[str, str], config: Callable[[], Config]) -> None:
        self._config = config
        self._provider = _provider() if any(environ.get(name) for name in ENDPOINTS) else None
        self._tracer = self._provider.get_tracer("sluice", __version__) if self._provider else None

    def around(self, answers: Answers) -> Answers:
        """The same answers, each within a span."""
        tracer = self._tracer
        if tracer is None:
            return answers

        async def traced(call: Call, caller: Caller) -> AsyncGenerator[Event, None]:
            # Not the current one all along: a generator must not leave it so in its caller's context.
            span = tracer.start_span("answer", attributes=_asked(call, caller, self._config()))
            try:
                async with aclosing(answers(call, caller)) as events:
                    async for event in events:
                        if isinstance(event, End):
                            _ended(span, event.usage)
                        yield event
            except SluiceError as error:
                span.set_status(Status(StatusCode.ERROR, error.code))
                raise
            finally:
                span.end()

        return traced

    def closed(self, opening: Opening, closing: Closing) -> None:
        """A span for an attempt, told when its booking is closed."""
        if self._tracer is None:
            return
        end = time.time_ns()
        span = self._tracer.start_span(
            "attempt", start_time=end - (closing.total_ms or 0) * MILLION, attributes=_attempted(opening, closing)
        )
        if closing.outcome in ("failed", "cut"):
            span.set_status(Status(StatusCode.ERROR, closing.outcome))
        span.end(end)

    def close(self) -> None:
        """Send what is waiting."""
        if self._provider:
            self._provider.shutdown()


def _provider() -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    resource = Resource.create({"service.name": "sluice", "service.version": __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _asked(call: Call, caller: Caller, config: Config) -> dict[str, Any]:
    """Whose call it is stays out: traces go to whoever runs the collector."""
    return {
        "sluice.asked": known_lane(call.model.removeprefix(PREFIX), config),
        "sluice.stream": call.stream,
        "sluice.messages": len(call.messages),
        "sluice.tools": len(call.tools),
        "sluice.task": bool(caller.task),
        "sluice.chat": caller.chat,
    }


def _ended(span: Span, usage: Mapping[str, Any]) -> None:
    names = ("deployment", "location", "lane", "prompt_tokens", "completion_tokens", "cost")
    span.set_attributes({f"sluice.{name}": usage[name] for name in names if name in usage})


def _attempted(opening: Opening, closing: Closing) -> dict[str, Any]:
    known = {
        "sluice.model": opening.model,
        "sluice.location": opening.location,
        "sluice.lane": opening.lane,
        "sluice.attempt": opening.attempt,
        "sluice.task": opening.task,
        "sluice.chat": opening.chat,
        "sluice.outcome": closing.outcome,
        "sluice.tokens.prompt": closing.tokens.prompt,
        "sluice.tokens.completion": closing.tokens.completion,
        "sluice.first_token_ms": closing.first_token_ms,
        "sluice.cost": None if closing.cost is None else float(usd(closing.cost)),
    }
    return {name: value for name, value in known.items() if value is not None}
