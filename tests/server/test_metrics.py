"""What operators see: metrics behind the key, a Grafana dashboard that asks for nothing else, and optional traces."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.process import ROOT, Running, person, wait_until
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, Failure, Usage

QUESTION = "Prove that there are infinitely many primes, said Wilhelmina."
GRAFANA = json.loads((ROOT / "compose" / "grafana.json").read_text("utf-8"))
EXPRESSIONS = [target["expr"] for panel in GRAFANA["panels"] for target in panel["targets"]]


def samples(gateway: Running) -> dict[str, dict[frozenset[tuple[str, str]], float]]:
    found: dict[str, dict[frozenset[tuple[str, str]], float]] = {}
    for family in text_string_to_metric_families(gateway.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


def value(gateway: Running, name: str, **labels: str) -> float:
    rows = samples(gateway).get(name, {})
    return sum(number for row, number in rows.items() if set(labels.items()) <= row)


def test_a_call_is_counted_with_its_tokens_its_price_and_its_time(gateway: Running, shared_cloud: Cloud) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(1000, 500)))
    where = {"model": "gpt", "location": "cloud"}
    before = {name: value(gateway, name, **where) for name in ("sluice_calls_total", "sluice_cost_dollars_total")}

    gateway.ask(QUESTION, "frontier", headers=person("u-counted"))

    assert value(gateway, "sluice_calls_total", **where) == before["sluice_calls_total"] + 1
    assert value(gateway, "sluice_cost_dollars_total", **where) == pytest.approx(
        before["sluice_cost_dollars_total"] + 0.006
    )
    assert value(gateway, "sluice_tokens_total", **where, direction="in") >= 1000
    assert value(gateway, "sluice_first_token_seconds_count", **where) >= 1
    assert value(gateway, "sluice_model_up", **where) == 1


def test_a_task_has_no_kind_of_its_own_which_callers_could_invent(gateway: Running) -> None:
    gateway.ask("A title", "local", headers={**person(), "X-Sluice-Task": "invented-by-a-caller"})

    assert value(gateway, "sluice_calls_total", kind="task") >= 1
    assert "invented-by-a-caller" not in gateway.get("/metrics").text


def test_nobody_is_named_in_any_label(gateway: Running) -> None:
    headers = {**person("u-never-in-metrics"), "X-Sluice-Groups": "g-1"}
    gateway.ask(QUESTION, headers=headers)

    text = gateway.get("/metrics").text
    labels = {name for rows in samples(gateway).values() for row in rows for name, _ in row}

    assert "u-never-in-metrics" not in text
    assert headers["X-Sluice-Chat"] not in text
    assert not labels & {"user", "chat", "message", "email", "name"}


def test_metrics_are_behind_the_key(gateway: Running) -> None:
    assert gateway.get("/metrics", headers={"Authorization": ""}).status_code == 401


def test_the_dashboard_asks_only_for_what_there_is(gateway: Running) -> None:
    gateway.ask("My key is AKIAIOSFODNN7EXAMPLE", "local", headers=person())
    families = {
        f"{family.name}{suffix}"
        for family in text_string_to_metric_families(gateway.get("/metrics").text)
        for suffix in {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
    }

    asked = {name for expression in EXPRESSIONS for name in re.findall(r"\bsluice_\w+", expression)}

    assert len(asked) > 12
    assert asked - families == set()


@pytest.mark.parametrize("panel", GRAFANA["panels"], ids=lambda panel: panel["title"])
def test_a_panel_asks_by_labels_that_its_metrics_have(gateway: Running, panel: dict[str, Any]) -> None:
    gateway.ask("My key is AKIAIOSFODNN7EXAMPLE", "local", headers=person())
    found = {name: {label for row in rows for label, _ in row} for name, rows in samples(gateway).items()}

    for target in panel["targets"]:
        metrics = [name for name in re.findall(r"\bsluice_\w+", target["expr"]) if name in found]
        grouped = {label for by in re.findall(r"by \(([^)]+)\)", target["expr"]) for label in by.split(", ")}
        selected = set(re.findall(r"(\w+)[!=]=?\"", target["expr"]))
        shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))

        assert all(grouped | selected <= found[name] for name in metrics), target["expr"]
        assert not metrics or shown <= (grouped or found[metrics[0]]), target["legendFormat"]


def test_the_dashboard_is_what_grafana_reads() -> None:
    """What the schema of Grafana's dashboards requires: grafana-foundation-sdk, dashboard.jsonschema.json."""
    variables = {variable["name"] for variable in GRAFANA["templating"]["list"]}

    assert {"schemaVersion", "templating", "annotations"} <= set(GRAFANA)
    for panel in GRAFANA["panels"]:
        assert panel["datasource"]["uid"].strip("${}") in variables
        assert set(panel["fieldConfig"]) == {"defaults", "overrides"}
        assert set(panel["gridPos"]) == {"x", "y", "w", "h"}
        names = [target["refId"] for target in panel["targets"]]
        assert len(names) == len(set(names)), panel["title"]


def test_the_dashboards_panels_do_not_overlap() -> None:
    taken = [
        (x, y)
        for panel in GRAFANA["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
    assert len({panel["id"] for panel in GRAFANA["panels"]}) == len(GRAFANA["panels"])


class Collector:
    """Takes spans as an OpenTelemetry collector does."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.raw.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def spans(self) -> list[Any]:
        requests = [ExportTraceServiceRequest.FromString(raw) for raw in self.raw]
        scopes = [scope for request in requests for one in request.resource_spans for scope in one.scope_spans]
        return [span for scope in scopes for span in scope.spans]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    threading.Thread(target=made.server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_with_an_endpoint_each_call_and_each_attempt_is_a_span_without_text(
    make_gateway: Callable[..., Running], collector: Collector, cloud: Cloud
) -> None:
    cloud.script.always(Answer("There are, wrote Leopold.", usage=Usage(1000, 500)))
    headers = person("u-never-in-traces")
    with make_gateway(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="100") as gateway:
        gateway.ask(QUESTION, "frontier", headers=headers)
        cloud.script.always(Failure(401, "no"))
        gateway.ask(QUESTION, "gpt", headers=headers)
        gateway.ask(QUESTION, "model that Leopold told of", headers=headers)
        wait_until(lambda: len(collector.spans()) >= 5, "spans were sent")

    spans = [(span.name, {one.key: one.value for one in span.attributes}) for span in collector.spans()]
    answers = [attributes for name, attributes in spans if name == "answer"]
    attempts = [attributes for name, attributes in spans if name == "attempt"]
    assert attempts[0]["sluice.model"].string_value == "gpt"
    assert attempts[0]["sluice.tokens.prompt"].int_value == 1000
    assert answers[0]["sluice.location"].string_value == "cloud"
    assert {one["sluice.asked"].string_value for one in answers} == {"frontier", "gpt", ""}
    assert {one["sluice.outcome"].string_value for one in attempts} >= {"finished", "failed"}
    sent = b"".join(collector.raw)
    for private in (b"Wilhelmina", b"Leopold", b"primes", b"u-never-in-traces"):
        assert private not in sent
