"""The line after an answer: model, place, price, tokens."""

import asyncio
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.functions.conftest import Asked, Screen, model, request, speaking
from tests.functions.loader import load

LOCAL = {
    "input_tokens": 120, "output_tokens": 45, "cost": 0.0, "model": "smollm2", "location": "local",
    "lane": "auto", "note": "private", "reasons": ["an e-mail address was found"],
}  # fmt: skip
CLOUD = {
    "input_tokens": 1240, "output_tokens": 310, "cost": 0.0084, "model": "Claude Sonnet", "location": "cloud",
    "lane": "frontier", "reasons": [],
}  # fmt: skip


MONTH = {"period": "month", "spent": 3.2, "limit": 20.0, "renews": "2026-12-01"}
EURO = {"code": "EUR", "per_usd": 0.5}
NEAR = {"scope": "user", "mine": True, "period": "month", "spent": 17.0, "limit": 20.0, "renews": "2026-12-01",
        "hard": True, "used_up": False}  # fmt: skip
OURS = model("auto", "sluice.auto")
OLLAMA = {"id": "qwen3:8b", "owned_by": "ollama"}


def answered(usage: Any) -> dict[str, Any]:
    return {
        "id": "m2",
        "messages": [
            {"id": "m1", "role": "user", "content": "hi"},
            {"id": "m2", "role": "assistant", "content": "hello", "usage": usage},
        ],
    }


async def shown(screen: Screen, usage: Any, language: str = "en", show: str = "short") -> list[str]:
    tracker, module = load("cost_tracker")
    body = answered(usage)
    user = {"id": "u", "valves": module.Filter.UserValves(show=show)}

    result = await tracker.outlet(body, __user__=user, __metadata__=speaking(language), __event_emitter__=screen)

    assert result == answered(usage), "the messages stay as they are"
    return screen.lines


@pytest.mark.parametrize(
    ("usage", "language", "line"),
    [
        (LOCAL, "en", "Local · smollm2 · private · 120 in / 45 out · free"),
        (LOCAL, "de", "Lokal · smollm2 · privat · 120 ein / 45 aus · kostenlos"),
        (LOCAL | {"saved": 0.0061}, "en", "Local · smollm2 · private · 120 in / 45 out · free · saved $0.0061"),
        (LOCAL | {"saved": 0.0}, "en", "Local · smollm2 · private · 120 in / 45 out · free"),
        (LOCAL | {"saved": 0.0061, "month": 3.2}, "de",
         "Lokal · smollm2 · privat · 120 ein / 45 aus · kostenlos · $0,0061 gespart"),
        (CLOUD, "en", "Cloud · Claude Sonnet · 1,240 in / 310 out · $0.0084"),
        (CLOUD, "de", "Cloud · Claude Sonnet · 1.240 ein / 310 aus · $0,0084"),
        (CLOUD, "fr", "Cloud · Claude Sonnet · 1\u202f240 entrée / 310 sortie · $0,0084"),
        (CLOUD, "es", "Nube · Claude Sonnet · 1.240 entrada / 310 salida · $0,0084"),
        (CLOUD, "zh", "云端 · Claude Sonnet · 1,240 输入 / 310 输出 · $0.0084"),
        (CLOUD, "pt", "Cloud · Claude Sonnet · 1,240 in / 310 out · $0.0084"),
        (CLOUD | {"cost": 0.0000234}, "en", "Cloud · Claude Sonnet · 1,240 in / 310 out · $0.000023"),
        (CLOUD | {"cost": 12.5}, "en", "Cloud · Claude Sonnet · 1,240 in / 310 out · $12.50"),
        (CLOUD | {"cost": None}, "en", "Cloud · Claude Sonnet · 1,240 in / 310 out · price unknown"),
        (CLOUD | {"month": 3.2}, "en", "Cloud · Claude Sonnet · 1,240 in / 310 out · $0.0084 · month $3.20"),
        (CLOUD | {"month": 3.2, "budget": MONTH}, "en",
         "Cloud · Claude Sonnet · 1,240 in / 310 out · $0.0084 · month $3.20 of $20"),
        (CLOUD | {"month": 9, "budget": MONTH | {"period": "day", "limit": 2.5}}, "fr",
         "Cloud · Claude Sonnet · 1\u202f240 entrée / 310 sortie · $0,0084 · aujourd'hui $3,20 sur $2,50"),
        (CLOUD | {"month": 3.2, "currency": EURO}, "de",
         "Cloud · Claude Sonnet · 1.240 ein / 310 aus · 0,0042 EUR · Monat 1,60 EUR"),
        (LOCAL | {"note": "kept local: an e-mail address"}, "en",
         "Local · smollm2 · kept local: an e-mail address · 120 in / 45 out · free"),
    ],
)  # fmt: skip
async def test_the_line_names_model_place_price_and_tokens(
    screen: Screen, usage: dict[str, Any], language: str, line: str
) -> None:
    assert await shown(screen, usage, language) == [line]


async def test_full_adds_month_tasks_lane_and_reasons(screen: Screen) -> None:
    usage = LOCAL | {"month": 3.2, "tasks_cost": 0.0}

    assert (await shown(screen, usage, show="full"))[0].endswith(
        "free · month $3.20 · tasks free · auto · an e-mail address was found"
    )


def test_every_language_has_the_same_words_with_the_same_gaps() -> None:
    for id in ("cost_tracker", "costs"):
        words = load(id)[1].WORDS
        gaps = {
            speech: {key: set(re.findall(r"{\w+}", text)) for key, text in table.items()}
            for speech, table in words.items()
        }

        assert set(words) == {"en", "de", "fr", "es", "zh"}
        assert all(one == gaps["en"] for one in gaps.values())


async def test_off_and_answers_without_usage_show_nothing(screen: Screen) -> None:
    assert await shown(screen, LOCAL, show="off") == []
    for usage in (None, {}, "broken", {"cost": 0.1}):
        assert await shown(screen, usage) == []


async def test_over_tool_rounds_the_summed_tokens_count(screen: Screen) -> None:
    usage = LOCAL | {"prompt_tokens": 1, "completion_tokens": 2}

    assert "120 in / 45 out" in (await shown(screen, usage))[0]


async def test_the_answer_of_this_call_is_meant_even_if_others_follow(screen: Screen) -> None:
    tracker, _ = load("cost_tracker")
    body = answered(LOCAL)
    body["messages"].append({"id": "m3", "role": "assistant", "usage": CLOUD})

    await tracker.outlet(body, __event_emitter__=screen)

    assert screen.lines[0].startswith("Local · smollm2")


async def test_without_a_screen_nothing_happens() -> None:
    tracker, _ = load("cost_tracker")

    assert await tracker.outlet(answered(LOCAL), __event_emitter__=None) == answered(LOCAL)


async def sent(
    screen: Screen | None, row: dict[str, Any] = OURS, language: str = "en", show: str = "short"
) -> dict[str, Any]:
    tracker, module = load("cost_tracker")
    result: dict[str, Any] = await tracker.inlet(
        {"model": row["id"], "messages": []},
        __user__={"id": "u-1", "role": "user", "valves": module.Filter.UserValves(show=show)},
        __model__=row,
        __metadata__=speaking(language),
        __request__=request(row),
        __event_emitter__=screen,
    )
    return result


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize(
    ("standing", "language", "line"),
    [
        (NEAR, "en", "Your budget is nearly used up: $17.00 of $20; it renews on 2026-12-01."
                     " Once it is, chats go on with local models."),
        (NEAR | {"used_up": True}, "de", "Ihr Budget ist verbraucht: $17,00 von $20; es erneuert sich am 2026-12-01."
                                         " Bis dahin geht es mit lokalen Modellen weiter."),
        (NEAR | {"hard": False}, "en", "Your budget is nearly used up: $17.00 of $20; it renews on 2026-12-01."),
        ({"scope": "team", "mine": False, "renews": "2026-12-01", "hard": False, "used_up": False}, "en",
         "The team's budget is nearly used up; it renews on 2026-12-01."),
    ],
)  # fmt: skip
async def test_before_a_message_it_warns_of_a_budget_that_is_nearly_used_up(
    screen: Screen, gateway: Asked, standing: dict[str, Any], language: str, line: str
) -> None:
    gateway.says["usage/warnings"] = {"warnings": [standing]}

    body = await sent(screen, language=language)

    assert screen.notes == [line]
    assert body == {"model": "auto", "messages": []}


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize(("row", "show"), [(OURS, "off"), (OLLAMA, "short")], ids=["switched off", "past the gateway"])
async def test_otherwise_nobody_is_asked(screen: Screen, gateway: Asked, row: dict[str, Any], show: str) -> None:
    await sent(screen, row, show=show)

    assert (screen.notes, gateway.calls) == ([], [])


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize("said", [None, {}, {"warnings": [{}]}], ids=repr)
async def test_a_message_goes_on_without_its_warning(screen: Screen, gateway: Asked, said: Any) -> None:
    gateway.says["usage/warnings"] = said

    assert await sent(screen) == {"model": "auto", "messages": []}


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, Any]]]:
    """What was stored with messages, where the function stores it."""
    kept: list[tuple[str, str, dict[str, Any]]] = []

    async def upsert_message_to_chat_by_id_and_message_id(chat: str, message: str, values: dict[str, Any]) -> None:
        kept.append((chat, message, values))

    module = ModuleType("open_webui.models.chats")
    name = upsert_message_to_chat_by_id_and_message_id.__name__
    module.Chats = SimpleNamespace(**{name: upsert_message_to_chat_by_id_and_message_id})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return kept


@dataclass
class Stopping:
    """An answer that is stopped in its midst, as by Open WebUI's button: its task is cancelled."""

    screen: "Both"

    async def run(self) -> None:
        begun = asyncio.Event()

        async def answer() -> None:
            await sent(self.screen)  # type: ignore[arg-type]
            begun.set()
            await asyncio.sleep(60)

        task = asyncio.create_task(answer())
        await begun.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Both(Screen):
    """A screen that also keeps the usage it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.usage: list[dict[str, Any]] = []
        self.told = asyncio.Event()

    async def __call__(self, event: dict[str, Any]) -> None:
        if event["type"] == "chat:completion":
            self.usage.append(event["data"]["usage"])
            self.told.set()
            return
        await super().__call__(event)


@pytest.mark.usefixtures("connections")
async def test_after_a_stopped_answer_line_and_usage_say_what_it_took(
    gateway: Asked, stored: list[tuple[str, str, dict[str, Any]]]
) -> None:
    gateway.says |= {"usage/warnings": {"warnings": []}, "usage/message": [{"usage": {}}, {"usage": CLOUD}]}
    screen = Both()

    await Stopping(screen).run()
    await asyncio.wait_for(screen.told.wait(), 10)

    assert screen.lines == ["Cloud · Claude Sonnet · stopped · 1,240 in / 310 out · $0.0084"]
    assert screen.usage == [CLOUD]
    assert stored == [("c-1", "m-1", {"usage": CLOUD})]


@pytest.mark.usefixtures("connections")
async def test_after_an_answer_that_ended_by_itself_nobody_asks_what_it_took(screen: Screen, gateway: Asked) -> None:
    gateway.says["usage/warnings"] = {"warnings": []}

    await asyncio.create_task(sent(screen))  # type: ignore[arg-type]
    await asyncio.sleep(0)

    assert gateway.paths() == ["usage/warnings"]


async def plain(screen: Screen, usage: dict[str, Any], row: dict[str, Any] = OLLAMA, **state: Any) -> list[str]:
    tracker, module = load("cost_tracker")
    await tracker.outlet(
        answered(usage),
        __user__={"id": "u-1", "role": "user", "valves": module.Filter.UserValves()},
        __model__=row,
        __metadata__=speaking("en"),
        __request__=request(row, **{"OLLAMA_MODELS": {"qwen3:8b": {"urls": [0]}}, **state}),
        __event_emitter__=screen,
    )
    return screen.lines


@pytest.mark.usefixtures("connections")
async def test_an_answer_of_a_plain_ollama_model_is_booked_by_the_gateway(screen: Screen, gateway: Asked) -> None:
    gateway.says["usage/local"] = {"usage": {"model": "qwen3:8b", "location": "local", "cost": 0.0, "saved": 0.0}}
    usage = {"input_tokens": 12, "output_tokens": 5, "total_duration": 2_000_000, "created_at": "a text"}

    lines = await plain(screen, usage)

    assert lines == ["Local · qwen3:8b · 12 in / 5 out · free"]
    counted = {name: usage[name] for name in ("input_tokens", "output_tokens", "total_duration")}
    assert gateway.sent("usage/local") == {"model": "qwen3:8b", "usage": counted}
    assert gateway.calls[-1][1]["x-sluice-message"] == "m-1"


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize(
    ("row", "state"),
    [
        (OLLAMA, {"OLLAMA_MODELS": {"qwen3:8b": {"urls": [1]}}}),
        (OLLAMA, {"OLLAMA_MODELS": {"qwen3:8b": {"urls": [0], "remote_host": "https://ollama.com"}}}),
        ({"id": "gpt-5", "owned_by": "openai"}, {}),
        (OURS, {}),
    ],
    ids=["Ollama elsewhere", "Ollama's cloud", "another server", "the gateway's"],
)
async def test_no_other_answer_is_booked_a_second_time(
    screen: Screen, gateway: Asked, row: dict[str, Any], state: dict[str, Any]
) -> None:
    await plain(screen, {"input_tokens": 12, "output_tokens": 5}, row, **state)
    await plain(screen, LOCAL)

    assert gateway.calls == []
