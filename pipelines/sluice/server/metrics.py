"""What operators watch: counts, sums and times of calls, and how the parts do. No user's id is in any label."""

import asyncio
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sluice.engine import Engine
from sluice.figures import standing_everybodys
from sluice.ledger import Closing, Opening, usd

# Tasks come with names that a caller can invent, so all of them are one kind.
TASK = "task"
FIRST_TOKEN_SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 80)
ANSWER_SECONDS = (0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320)
WHERE = ("model", "location")


class Metrics:
    """Counts bookings as they are closed, and asks the parts how they do when somebody looks."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        registry = self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        registry.register(Parts(engine))
        self._calls = Counter(
            "sluice_calls", "Attempts to have a model answer.", (*WHERE, "kind", "outcome"), registry=registry
        )
        self._tokens = Counter("sluice_tokens", "Tokens by direction.", (*WHERE, "direction"), registry=registry)
        self._cost = Counter("sluice_cost_dollars", "What calls cost, in US dollars.", WHERE, registry=registry)
        self._baseline = Counter(
            "sluice_baseline_dollars",
            "What answers to people would have cost at the baseline, in US dollars; without background tasks.",
            WHERE,
            registry=registry,
        )
        self._answered = Counter(
            "sluice_answered_dollars",
            "What the answers of sluice_baseline_dollars_total did cost, in US dollars; the difference is saved.",
            WHERE,
            registry=registry,
        )
        self._unpriced = Counter("sluice_unpriced_calls", "Calls whose price is not known.", WHERE, registry=registry)
        self._findings = Counter("sluice_findings", "What the guard found, by class.", ("class",), registry=registry)
        self._first = Histogram(
            "sluice_first_token_seconds",
            "Until the first token.",
            WHERE,
            buckets=FIRST_TOKEN_SECONDS,
            registry=registry,
        )
        self._whole = Histogram(
            "sluice_answer_seconds", "Until the end of the answer.", WHERE, buckets=ANSWER_SECONDS, registry=registry
        )

    def routes(self) -> list[Route]:
        return [Route("/metrics", self._metrics)]

    def closed(self, opening: Opening, closing: Closing) -> None:
        """Count a booking that has come to its end."""
        where = (opening.model, opening.location)
        self._calls.labels(*where, TASK if opening.task else opening.kind, closing.outcome).inc()
        tokens = closing.tokens
        for direction, count in (("in", tokens.prompt), ("out", tokens.completion), ("cached", tokens.cached)):
            self._tokens.labels(*where, direction).inc(count)
        if closing.cost is None:
            self._unpriced.labels(*where).inc()
        else:
            self._cost.labels(*where).inc(float(usd(closing.cost)))
            if closing.baseline is not None and not opening.task:
                self._baseline.labels(*where).inc(float(usd(closing.baseline)))
                self._answered.labels(*where).inc(float(usd(closing.cost)))
        for klass, count in opening.classes.items():
            self._findings.labels(klass).inc(count)
        if closing.outcome == "finished":
            self._timed(where, closing)

    def _timed(self, where: tuple[str, str], closing: Closing) -> None:
        if closing.first_token_ms is not None:
            self._first.labels(*where).observe(closing.first_token_ms / 1000)
        if closing.total_ms is not None:
            self._whole.labels(*where).observe(closing.total_ms / 1000)

    async def _metrics(self, request: Request) -> Response:
        """In the form that the collector asks for."""
        encode, form = choose_encoder(request.headers.get("accept", ""))
        return Response(await asyncio.to_thread(encode, self._registry), headers={"content-type": form})


class Parts(Collector):
    """How models, guard, ledger and budgets do at this moment."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine

    def describe(self) -> list[Metric]:
        """Nothing, so that registering asks no part that is not there yet."""
        return []

    def collect(self) -> Iterator[Metric]:
        engine = self._engine()
        up = GaugeMetricFamily("sluice_model_up", "Whether a model can be asked now.", labels=WHERE)
        for candidate in engine.fleet.candidates():
            up.add_metric([candidate.name, candidate.location], not candidate.unavailable)
        yield up
        yield GaugeMetricFamily("sluice_guard_ready", "Whether the guard can read.", value=engine.guard.ready)
        health = engine.records.book.health
        yield GaugeMetricFamily("sluice_ledger_waiting", "Settlements to be written.", value=health.waiting)
        yield GaugeMetricFamily(
            "sluice_ledger_faulty", "Whether the ledger cannot be written.", value=bool(health.fault)
        )
        for name, count in (("lost", health.lost), ("unreserved", health.unreserved), ("late", health.late)):
            yield CounterMetricFamily(f"sluice_ledger_{name}", LEDGER[name], value=count)
        yield self._budgets(engine)

    def _budgets(self, engine: Engine) -> Metric:
        """Of groups, models and the team; a person's budget would name them."""
        used = GaugeMetricFamily(
            "sluice_budget_used_ratio", "Share of a budget that is spent or held.", labels=("scope", "of", "period")
        )
        config, book = engine.live.current, engine.records.book
        shared = [one for one in config.budgets if one.scope != "user"]
        try:
            with book.database.reading() as connection:
                for one in standing_everybodys(connection, shared, book.today(config.ledger.zone)):
                    ratio = (one.spent + one.held) / one.limit if one.limit else 1.0
                    used.add_metric([one.budget.scope, one.subject, one.budget.period], ratio)
        except (SQLAlchemyError, OSError):
            pass  # sluice_ledger_faulty tells; what else is known is shown all the same
        return used


LEDGER = {
    "lost": "Settlements that were given up; each call stands at its estimate.",
    "unreserved": "Calls that went on without a reservation.",
    "late": "Settlements that came after another gateway had settled the call.",
}
