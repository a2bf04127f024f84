"""The line after an answer: model, place, price, tokens."""

from typing import Any

import pytest

from tests.functions.conftest import Screen, speaking
from tests.functions.loader import load

LOCAL = {
    "input_tokens": 120, "output_tokens": 45, "cost": 0.0, "model": "smollm2", "location": "local",
    "lane": "auto", "note": "private", "reasons": ["an e-mail address was found"],
}  # fmt: skip
CLOUD = {
    "input_tokens": 1240, "output_tokens": 310, "cost": 0.0084, "model": "Claude Sonnet", "location": "cloud",
    "lane": "frontier", "reasons": [],
}  # fmt: skip


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
        (LOCAL, "en", "Local · smollm2 · private · free · 120 in / 45 out"),
        (LOCAL, "de", "Lokal · smollm2 · privat · kostenlos · 120 ein / 45 aus"),
        (CLOUD, "en", "Cloud · Claude Sonnet · $0.0084 · 1,240 in / 310 out"),
        (CLOUD, "de", "Cloud · Claude Sonnet · $0,0084 · 1.240 ein / 310 aus"),
        (CLOUD, "fr", "Cloud · Claude Sonnet · $0,0084 · 1\u202f240 entrée / 310 sortie"),
        (CLOUD, "es", "Nube · Claude Sonnet · $0,0084 · 1.240 entrada / 310 salida"),
        (CLOUD, "zh", "云端 · Claude Sonnet · $0.0084 · 1,240 输入 / 310 输出"),
        (CLOUD, "pt", "Cloud · Claude Sonnet · $0.0084 · 1,240 in / 310 out"),
        (CLOUD | {"cost": 0.0000234}, "en", "Cloud · Claude Sonnet · $0.000023 · 1,240 in / 310 out"),
        (CLOUD | {"cost": 12.5}, "en", "Cloud · Claude Sonnet · $12.50 · 1,240 in / 310 out"),
        (CLOUD | {"cost": None}, "en", "Cloud · Claude Sonnet · price unknown · 1,240 in / 310 out"),
        (LOCAL | {"note": "kept local: an e-mail address"}, "en",
         "Local · smollm2 · kept local: an e-mail address · free · 120 in / 45 out"),
        ({"prompt_tokens": 5, "completion_tokens": 7, "model": "other"}, "en", "other · 5 in / 7 out"),
    ],
)  # fmt: skip
async def test_the_line_names_model_place_price_and_tokens(
    screen: Screen, usage: dict[str, Any], language: str, line: str
) -> None:
    assert await shown(screen, usage, language) == [line]


async def test_full_adds_lane_and_reasons(screen: Screen) -> None:
    assert (await shown(screen, LOCAL, show="full"))[0].endswith("auto · an e-mail address was found")


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
